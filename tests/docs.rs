//! The commands of README.md and docs/, run, and what they print compared with the pages.
//!
//! - A block ```` ```console ```` has commands behind `$ ` and what they print below them. A command with `<<'END'` goes on to the line `END`.
//! - A block ```` ```sh ```` is a script. A block ```` ```text ```` or ```` ```json ```` directly behind it is what it prints.
//! - ```` ```sh no-run ```` is shown alone: it takes long, or needs what a machine may lack. So is a ```` ```text ```` block that stands by itself.
//! - In what is printed `…` stands for anything, and a line that begins and ends with `...` for any number of lines. ` <- note` is the page's own word. Spaces and ends of lines are not compared.
//! - A block whose first line is `# NAME.toml` is a file that the commands of all pages find.
//!
//! The blocks of a page run in one folder, in their order.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The pages. A test below runs each.
const PAGES: &[&str] = &[
    "README.md",
    "docs/answers.md",
    "docs/checking.md",
    "docs/corruptions.md",
    "docs/cues.md",
    "docs/datasets.md",
    "docs/dialects.md",
    "docs/environments.md",
    "docs/evidence.md",
    "docs/experiments.md",
    "docs/flows.md",
    "docs/gallery.md",
    "docs/import.md",
    "docs/new-environment.md",
    "docs/peers.md",
    "docs/property-testing.md",
    "docs/recipes.md",
    "docs/records.md",
    "docs/reproduce.md",
    "docs/scoring.md",
    "docs/speed.md",
    "docs/view.md",
];

/// A fenced block of a page.
struct Block {
    line: usize,
    /// What stands behind the fence.
    kind: String,
    text: String,
    /// Whether nothing but empty lines stands between this block and the one before.
    follows: bool,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn blocks(page: &str) -> Vec<Block> {
    let text = fs::read_to_string(root().join(page)).unwrap();
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    let mut follows = false;
    for (at, line) in text.lines().enumerate() {
        match line.strip_prefix("```") {
            Some("") if open => (open, follows) = (false, true),
            Some(kind) if !open => {
                blocks.push(Block { line: at + 1, kind: kind.into(), text: String::new(), follows });
                open = true;
            }
            _ if open => {
                let block = blocks.last_mut().unwrap();
                block.text.push_str(line);
                block.text.push('\n');
            }
            _ if line.trim().is_empty() => {}
            _ => follows = false,
        }
    }
    blocks
}

/// The commands of a block, each with what the page says it prints; none where the page does not say.
fn commands(blocks: &[Block]) -> Vec<(usize, String, Option<String>)> {
    let mut commands: Vec<(usize, String, Option<String>)> = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        match block.kind.as_str() {
            "console" => {
                for (number, line) in block.text.lines().enumerate() {
                    match (line.strip_prefix("$ "), commands.last_mut()) {
                        (None, Some((_, command, _))) if command.contains("<<'END'") && !command.ends_with("\nEND") => {
                            *command = format!("{command}\n{line}");
                        }
                        (Some(command), _) => {
                            commands.push((block.line + number + 1, command.into(), Some(String::new())))
                        }
                        (None, Some((_, _, Some(printed)))) => *printed = format!("{printed}{line}\n"),
                        _ => panic!("line {}: a console block begins with `$ `", block.line),
                    }
                }
            }
            "sh" => {
                let next =
                    blocks.get(at + 1).filter(|next| next.follows && matches!(next.kind.as_str(), "text" | "json"));
                commands.push((block.line, block.text.clone(), next.map(|next| next.text.clone())));
            }
            _ => {}
        }
    }
    commands
}

/// A folder with the program, the project's own folders, and the files that the pages show.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["recipes", "tests", "examples", "docs"] {
        std::os::unix::fs::symlink(root().join(name), folder.path().join(name)).unwrap();
    }
    fs::create_dir(folder.path().join("bin")).unwrap();
    let program = assert_cmd::cargo::cargo_bin!("sos");
    std::os::unix::fs::symlink(program, folder.path().join("bin/sos")).unwrap();
    // `cargo run --release -- …` is the program that was built for this test.
    let cargo = "#!/bin/sh\nwhile [ \"$1\" != -- ]; do shift; done; shift; exec sos \"$@\"\n";
    let path = folder.path().join("bin/cargo");
    fs::write(&path, cargo).unwrap();
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    for block in PAGES.iter().flat_map(|page| blocks(page)) {
        let name =
            block.text.lines().next().and_then(|line| line.strip_prefix("# ")).filter(|name| name.ends_with(".toml"));
        if let Some(name) = name.filter(|name| !name.contains('/')) {
            fs::write(folder.path().join(name), &block.text).unwrap();
        }
    }
    folder
}

/// Whether a text is as a page says it: `…` in the page stands for anything.
fn agrees(said: &str, printed: &str) -> bool {
    let without_notes: Vec<&str> =
        said.lines().map(|line| line.split_once(" <- ").map_or(line, |(line, _)| line)).collect();
    let all = without_notes
        .iter()
        .map(|line| if line.trim_start().starts_with("...") && line.ends_with("...") { "…" } else { line })
        .collect::<Vec<_>>()
        .join("\n");
    let squeeze = |text: &str| text.split_whitespace().collect::<String>();
    let (said, printed) = (squeeze(&all), squeeze(printed));
    let mut parts = said.split('…');
    let Some(mut rest) = parts.next().and_then(|first| printed.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some((_, behind)) = rest.split_once(part) else { return false };
        rest = behind;
    }
    true
}

fn has_jq() -> bool {
    Command::new("jq").arg("--version").stdout(Stdio::null()).status().is_ok()
}

/// Runs the commands of a page.
fn run(page: &str) {
    let folder = folder();
    let mut path = vec![folder.path().join("bin")];
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()).collect::<Vec<PathBuf>>());
    let mut wrong = Vec::new();
    for (line, command, said) in commands(&blocks(page)) {
        if command.contains("jq ") && !has_jq() {
            // `.ci/run` installs it; a machine without it still runs the other commands.
            assert!(!crate::is_long(), "{page}:{line}: jq is missing; install it");
            continue;
        }
        let script = format!("exec 2>&1\n{command}");
        let mut bash = Command::new("bash");
        bash.args(["-c", &script]).current_dir(folder.path()).env("PATH", std::env::join_paths(&path).unwrap());
        let output = bash.stdin(Stdio::null()).output().unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        // A slow machine has lines of progress, and an estimate before them, where another one has none.
        let is_progress = |line: &&str| {
            let estimate = !line.starts_with("in all ") && line.contains(" rows, about ") && line.ends_with(" threads");
            line.contains(" a second, ") && line.ends_with(" left") || estimate
        };
        let printed = printed.lines().filter(|line| !is_progress(line)).collect::<Vec<_>>().join("\n");
        match said {
            Some(said) if !agrees(&said, &printed) => {
                wrong.push(format!("{page}:{line}: $ {command}\nprints\n{printed}\nnot\n{said}"))
            }
            None if !output.status.success() => {
                wrong.push(format!("{page}:{line}: $ {command}\nends with {}\n{printed}", output.status))
            }
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_stands_for_anything() {
    assert!(agrees("a … d\n", "a b\nc d"));
    assert!(agrees("a  <- a note\n...\nd", "a\nb\nc\nd\n"));
    assert!(agrees("{\"a\":1,\n\"b\":2}", "{\"a\":1,\"b\":2}\n"));
    assert!(!agrees("a … d", "a b c"));
    assert!(!agrees("a b", "a b c"));
    assert!(!agrees("a", ""));
    assert!(!agrees("… b … c", "a c b"));
}

#[test]
fn every_page_is_run() {
    let pages = fs::read_dir(root().join("docs"))
        .unwrap()
        .map(|entry| format!("docs/{}", entry.unwrap().file_name().to_string_lossy()));
    let mut pages: Vec<String> = pages.filter(|name| name.ends_with(".md")).chain(["README.md".into()]).collect();
    pages.sort_unstable();
    assert_eq!(pages, PAGES, "each page has its name in PAGES and a test below");
}

#[test]
fn readme() {
    run("README.md");
}

#[test]
fn answers() {
    run("docs/answers.md");
}

#[test]
fn checking() {
    run("docs/checking.md");
}

#[test]
fn corruptions() {
    run("docs/corruptions.md");
}

#[test]
fn cues() {
    run("docs/cues.md");
}

#[test]
fn datasets() {
    run("docs/datasets.md");
}

#[test]
fn dialects() {
    run("docs/dialects.md");
}

#[test]
fn environments() {
    run("docs/environments.md");
}

#[test]
fn evidence() {
    run("docs/evidence.md");
}

#[test]
fn experiments() {
    run("docs/experiments.md");
}

#[test]
fn flows() {
    run("docs/flows.md");
}

#[test]
fn gallery() {
    run("docs/gallery.md");
}

/// A new environment needs a picture and a trace (`npm run rows` and `npm run pictures` in viewer/).
#[test]
fn the_gallery_has_every_environment() {
    let page = fs::read_to_string(root().join("docs/gallery.md")).unwrap();
    for family in stream_of_search::arena::environments() {
        let name = family.about().name;
        assert!(page.contains(&format!("\n## {name}\n")), "docs/gallery.md has no {name}");
        assert!(page.contains(&format!("(gallery/{name}.png)")), "docs/gallery.md has no picture of {name}");
        assert!(root().join(format!("docs/gallery/{name}.png")).is_file(), "there is no docs/gallery/{name}.png");
    }
}

#[test]
fn import() {
    run("docs/import.md");
}

#[test]
fn new_environment() {
    run("docs/new-environment.md");
}

#[test]
fn property_testing() {
    run("docs/property-testing.md");
}

#[test]
fn recipes() {
    run("docs/recipes.md");
}

#[test]
fn records() {
    run("docs/records.md");
}

#[test]
fn reproduce() {
    run("docs/reproduce.md");
}

#[test]
fn scoring() {
    run("docs/scoring.md");
}

#[test]
fn speed() {
    run("docs/speed.md");
}

#[test]
fn view() {
    run("docs/view.md");
}

#[test]
fn peers() {
    run("docs/peers.md");
}
