//! Conversations that their agents delete: copied, and put back. Must not need a real agent.

use std::time::Duration;

use crate::support::World;

const PATIENCE: Duration = Duration::from_secs(30);

/// A world with a scribe that deletes, as its starts go on, what was resumed before.
fn forgetful() -> World {
    let mut world = World::new();
    world.install_scribe();
    std::fs::create_dir_all(world.home().join("scribe")).unwrap();
    std::fs::write(world.home().join("scribe/forgets"), "").unwrap();
    world
}

/// Waits until the copy of a conversation has this word.
fn wait_for_the_copy(world: &World, id: &str, said: &str) {
    let copy = world.path("state").join("copies").join(format!("scribe.{id}"));
    world.wait_until("the copy", PATIENCE, || {
        std::fs::read_to_string(&copy).is_ok_and(|text| text.contains(said))
    });
}

#[test]
fn a_conversation_that_is_deleted_at_each_start_of_another_one_is_there_after_three_resumes() {
    let world = forgetful();
    world.scribe_tab("one", "a");
    world.scribe_tab("two", "b");
    let (one, two) = (world.conversation("one"), world.conversation("two"));
    let mut words = [vec!["a".to_owned()], vec!["b".to_owned()]];
    for round in ["c", "d", "e"] {
        world.reboot();
        world.tabctl(["resume"]).ok();
        for (tab, words) in ["one", "two"].into_iter().zip(&mut words) {
            let pane = world.pane(tab);
            for word in words.iter() {
                world.wait_for_text(&pane, &format!("earlier: {word}"));
            }
            // At once, so that a word may get into a file that was deleted a moment ago.
            world.write(tab, round);
            words.push(round.to_owned());
        }
        for (id, words) in [&one, &two].into_iter().zip(&words) {
            world.wait_until("the whole conversation", PATIENCE, || world.written(id) == *words);
        }
    }
    assert_eq!((one, two), (world.conversation("one"), world.conversation("two")));
}

#[test]
fn a_deleted_conversation_is_found_by_its_copy_and_put_back_by_the_start_alone() {
    let world = forgetful();
    world.scribe_tab("api", "alpha");
    let id = world.conversation("api");
    wait_for_the_copy(&world, &id, "alpha");
    world.reboot();
    let file = world.home().join("scribe").join(format!("{id}.jsonl"));
    std::fs::remove_file(&file).unwrap();
    let plan = world.tabctl(["resume", "--dry-run"]).ok().stdout;
    assert!(plan.contains("tabctl's copy is put back"), "{plan}");
    assert!(plan.contains(&format!("scribe --resume {id}")), "{plan}");
    assert!(!file.exists(), "who only asks changes nothing");
    world.tabctl(["resume"]).ok();
    let pane = world.pane("api");
    world.wait_for_text(&pane, "earlier: alpha");
    assert!(world.screen(&pane).contains("had deleted this conversation"), "{}", world.screens());
    assert!(world.tabctl(["resume", "api"]).ok().stdout.contains("is open"));
}

#[test]
fn a_copy_never_takes_the_place_of_a_conversation_that_went_on_without_tabctl() {
    let world = forgetful();
    world.scribe_tab("api", "alpha");
    let id = world.conversation("api");
    world.reboot();
    let file = world.home().join("scribe").join(format!("{id}.jsonl"));
    let text = format!("{{\"id\": \"{id}\"}}\n{{\"kind\": \"word\", \"said\": \"by hand\"}}\n");
    std::fs::write(&file, &text).unwrap();
    world.tabctl(["resume"]).ok();
    world.wait_for_text(&world.pane("api"), "earlier: by hand");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn doctor_puts_a_deleted_conversation_back_and_sets_what_prevents_it_when_asked() {
    let world = forgetful();
    world.scribe_tab("api", "alpha");
    let id = world.conversation("api");
    wait_for_the_copy(&world, &id, "alpha");
    world.reboot();
    let file = world.home().join("scribe").join(format!("{id}.jsonl"));
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let settings = world.home().join("scribe/settings.json");
    std::fs::write(&settings, "{\n  \"theme\": \"dark\"\n}\n").unwrap();

    let told = world.tabctl(["doctor"]);
    assert!(told.stdout.contains("has deleted its conversation"), "{told}");
    assert!(told.stdout.contains("set keeping.forget: false in ~/scribe/settings.json"), "{told}");
    assert_eq!(told.status, Some(1));
    assert!(!file.exists(), "it was only told");

    let done = world.tabctl(["doctor", "--fix", "--yes"]).ok().stdout;
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    let now = std::fs::read_to_string(&settings).unwrap();
    assert_eq!(now, "{\n  \"theme\": \"dark\",\n  \"keeping\": {\n    \"forget\": false\n  }\n}\n");
    let backups = std::fs::read_dir(world.path("state").join("settings")).unwrap();
    let backup = backups.flatten().next().unwrap().path();
    assert!(done.contains(backup.file_name().unwrap().to_str().unwrap()), "{done}");
    assert_eq!(std::fs::read_to_string(backup).unwrap(), "{\n  \"theme\": \"dark\"\n}\n");

    world.tabctl(["doctor"]).ok();
    let plan = world.tabctl(["resume", "--dry-run"]).ok().stdout;
    assert!(!plan.contains("delete"), "what is prevented is not warned of: {plan}");
}
