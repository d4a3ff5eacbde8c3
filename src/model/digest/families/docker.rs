//! docker build. The step that failed is the error, with its place in the Dockerfile.

use super::super::family::Family;
use super::super::finding::Finding;
use super::place::Place;
use super::{Lines, behind};

pub(super) const FAMILY: Family = Family {
    name: "docker",
    marks: &[
        "failed to solve: ",
        "returned a non-zero code: ",
        "Docker daemon",
        "unable to prepare context",
        "Successfully built ",
        "dockerfile parse error",
        "Error response from daemon",
    ],
    read,
};

fn read(lines: &Lines, at: usize) -> Option<Finding> {
    let line = lines[at];
    if line.starts_with("Successfully built ") {
        return Some(Finding::note("docker", at, line));
    }
    if let Some((_, said)) = line.split_once("failed to solve: ") {
        let ours = line.starts_with("ERROR: ") || line.starts_with("failed to solve");
        return ours
            .then(|| Finding::error("docker", at, said).in_place(dockerfile(lines, at).as_ref()));
    }
    let said = ["ERROR: ", "Error ", "error: ", "docker: ", "unable to "]
        .iter()
        .any(|it| line.starts_with(it));
    let classic = line.starts_with("The command '");
    let said = said || classic || line.starts_with("Cannot connect to the Docker");
    let run = behind(lines, at)
        .take(2)
        .map(|(_, line)| line.trim())
        .find(|it| it.starts_with("Run '") || it.starts_with("See '"));
    said.then(|| Finding::error("docker", at, line.trim_start_matches("ERROR: ")).advised(run))
}

/// `Dockerfile:5` between two rules, right above.
fn dockerfile<'a>(lines: &[&'a str], at: usize) -> Option<Place<'a>> {
    let above = super::before(lines, at).take(40);
    above.into_iter().filter_map(Place::colons).find(|place| place.rest.is_empty())
}
