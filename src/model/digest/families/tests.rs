//! Forms that the recorded logs do not have: of tools that could not be run for them, and of older
//! versions. Written from the tools' documentation and from logs that others published.

use crate::model::digest::Readers;
use crate::model::digest::finding::{Finding, Level};

/// What is found in a text, each finding by the first reader that knows its line.
fn found(text: &str) -> Vec<Finding> {
    let lines: Vec<&str> = text.lines().collect();
    let found = Readers::all().findings(text, &lines);
    found.into_iter().map(|found| found.finding).collect()
}

/// The finding in one line: `error docker Dockerfile:3 [test] message => advice`.
fn told(finding: &Finding) -> String {
    let Finding { tool, level, file, line, message, test, advice, .. } = finding;
    let level = match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    };
    let parts = [
        Some(format!("{level} {tool}")),
        file.as_ref().map(|file| format!(" {file}")),
        line.map(|line| format!(":{line}")),
        test.as_ref().map(|test| format!(" [{test}]")),
        Some(format!(" {message}")),
        advice.as_ref().map(|advice| format!(" => {advice}")),
    ];
    parts.into_iter().flatten().collect()
}

#[test]
fn a_finding_says_what_its_tool_says() {
    let cases: &[(&str, &[&str])] = &[
        (
            "#7 ERROR: process \"/bin/sh -c npm ci\" did not complete successfully: exit code: 1\n------\n > [2/3] RUN npm ci:\n------\nDockerfile:3\n--------------------\n   1 |     FROM node\n   3 | >>> RUN npm ci\n--------------------\nERROR: failed to solve: process \"/bin/sh -c npm ci\" did not complete successfully: exit code: 1",
            &[
                "error docker Dockerfile:3 process \"/bin/sh -c npm ci\" did not complete successfully: exit code: 1",
            ],
        ),
        (
            "Step 2/3 : RUN false\n ---> Running in 1f2e\nThe command '/bin/sh -c false' returned a non-zero code: 1",
            &["error docker The command '/bin/sh -c false' returned a non-zero code: 1"],
        ),
        (
            "added 9 packages, and audited 10 packages in 1s\n\n3 vulnerabilities (1 low, 2 high)\n\nTo address all issues, run:\n  npm audit fix\n",
            &[
                "note npm added 9 packages, and audited 10 packages in 1s",
                "note npm 3 vulnerabilities (1 low, 2 high) => npm audit fix",
            ],
        ),
        (
            "npm ERR! code ENOENT\nnpm ERR! syscall open\nnpm ERR! path /app/package.json\nnpm ERR! enoent Could not read package.json",
            &["error npm ENOENT: enoent Could not read package.json"],
        ),
        (
            "yarn install v1.22.22\nerror Couldn't find any versions for \"lodash\" that matches \"99.0.0\"",
            &["error yarn Couldn't find any versions for \"lodash\" that matches \"99.0.0\""],
        ),
        (
            "✘ [ERROR] Could not resolve \"gone\"\n\n    src/a.js:3:7:\n      3 │ import \"gone\"\n        ╵        ~~~~~~",
            &["error esbuild src/a.js:3 Could not resolve \"gone\""],
        ),
        (
            "error: externally-managed-environment\n\n× This environment is externally managed\n╰─> To install Python packages system-wide, try apt install\n\nnote: If you believe this is a mistake, please contact your distribution.\nhint: See PEP 668 for the detailed specification.",
            &[
                "error pip externally-managed-environment; This environment is externally managed => See PEP 668 for the detailed specification.",
            ],
        ),
        (
            "thread 'main' panicked at 'no order', src/main.rs:7:5\nnote: run with `RUST_BACKTRACE=1`",
            &["error rust src/main.rs:7 no order"],
        ),
        ("FAIL: test_a (ledger.LedgerTest)\nx", &[]),
        (
            "======\nFAIL: test_a (ledger.LedgerTest)\n------\nTraceback (most recent call last):\n  File \"ledger.py\", line 3, in test_a\nAssertionError: 1 != 2\n\nRan 1 test in 0.1s",
            &[
                "error unittest ledger.py:3 [ledger.LedgerTest.test_a] AssertionError: 1 != 2",
                "note unittest Ran 1 test in 0.1s",
            ],
        ),
        ("make: *** [build] Error 1", &["error make [build] Error 1"]),
        (
            "Makefile:3: *** missing separator.  Stop.",
            &["error make Makefile:3 missing separator. Stop."],
        ),
        (
            "go: cannot find main module, but found .git/config in /app\n\tto create a module there, run:\n\tgo mod init",
            &["error go cannot find main module, but found .git/config in /app => go mod init"],
        ),
        (
            "E: Unmet dependencies. Try 'apt --fix-broken install' with no packages",
            &[
                "error apt Unmet dependencies. Try 'apt --fix-broken install' with no packages => Try 'apt --fix-broken install' with no packages",
            ],
        ),
        ("a.py:3: DeprecationWarning: old", &["warning python a.py:3 DeprecationWarning: old"]),
    ];
    for (text, expected) in cases {
        let told: Vec<String> = found(text).iter().map(told).collect();
        assert_eq!(told, *expected, "{text}");
    }
}

#[test]
fn what_only_looks_like_an_error_is_none() {
    let harmless = [
        "12:03:04 INFO  error: rate is 0.1",
        "2025-03-04T10:00:00 service.go:12: retrying after error",
        "Checking for Error: none",
        "    Error: quoted in a document",
        "echo 'FAILED tests are listed below'",
        "  error  ",
        "src/error.rs:12:fn error() {}",
        "the build FAILED yesterday",
        "npm notice New minor version of npm available",
        "0 errors in 12 files",
        "Ran out of ideas",
        "Found 3 files",
        "warning about nothing: ",
        ":::: *** ",
        "error[",
        "thread 'x' panicked at ",
        "--- FAIL: ",
        "____ ",
        "FAILED ",
    ];
    for line in harmless {
        let told: Vec<String> = found(line).iter().map(told).collect();
        assert_eq!(told, Vec::<String>::new(), "{line}");
    }
}
