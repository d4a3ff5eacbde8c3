//! Copies of conversations: made when they grow, put back when they are gone.

use super::*;

const KEY: &str = "agent.a1";

fn append(path: &Path, text: &str) {
    use std::io::Write;
    let mut file = fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

#[test]
fn a_conversation_that_was_deleted_comes_back_as_it_was_last() {
    let world = World::new();
    let chat = world.workspace("chats").join("one.jsonl");
    assert!(!world.store.keep_copy(KEY, &chat).unwrap(), "there is nothing yet");
    append(&chat, "1\n");
    assert!(world.store.keep_copy(KEY, &chat).unwrap());
    assert!(!world.store.keep_copy(KEY, &chat).unwrap(), "nothing has changed");
    append(&chat, "2\n");
    assert!(world.store.keep_copy(KEY, &chat).unwrap());
    fs::remove_dir_all(chat.parent().unwrap()).unwrap();
    assert!(!world.store.keep_copy(KEY, &chat).unwrap());
    assert_eq!(world.store.put_copy_back(KEY).unwrap(), Some(chat.clone()));
    assert_eq!(fs::read_to_string(&chat).unwrap(), "1\n2\n");
    assert_eq!(world.store.put_copy_back("agent.b2").unwrap(), None, "no copy of this one");
}

#[test]
fn what_was_written_into_a_deleted_file_stands_behind_what_was_in_it() {
    let world = World::new();
    let chat = world.workspace("chats").join("one.jsonl");
    append(&chat, "1\n");
    world.store.keep_copy(KEY, &chat).unwrap();
    fs::remove_file(&chat).unwrap();
    append(&chat, "2\n");
    assert_eq!(world.store.put_copy_back(KEY).unwrap(), Some(chat.clone()));
    assert_eq!(fs::read_to_string(&chat).unwrap(), "1\n2\n");
}

#[test]
fn a_file_that_lost_its_end_does_not_take_the_copy_with_it() {
    let world = World::new();
    let chat = world.workspace("chats").join("one.jsonl");
    append(&chat, "1\n2\n");
    world.store.keep_copy(KEY, &chat).unwrap();
    fs::remove_file(&chat).unwrap();
    append(&chat, "1\n");
    assert!(!world.store.keep_copy(KEY, &chat).unwrap());
    fs::remove_file(&chat).unwrap();
    world.store.put_copy_back(KEY).unwrap();
    assert_eq!(fs::read_to_string(&chat).unwrap(), "1\n2\n");
}
