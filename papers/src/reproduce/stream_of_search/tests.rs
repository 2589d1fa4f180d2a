use super::*;
use sha2::{Digest, Sha256};

fn settings(seed: i128, sizes: (u32, u32), max_target: u32, num_samples: u64) -> Settings {
    Settings { seed, min_size: sizes.0, max_size: sizes.1, max_target, num_samples, offset: 1, grow: false }
}

fn growing(seed: i128, sizes: (u32, u32), max_target: u32, num_samples: u64, offset: i64) -> Settings {
    Settings { offset, grow: true, ..settings(seed, sizes, max_target, num_samples) }
}

fn run(settings: &Settings, out: &Path) -> Result<Report, ReproduceError> {
    generate(settings, out, &mut |_| ControlFlow::Continue(()))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Runs the settings and compares the SHA-256 of each file, in the order of writing.
fn expect(settings: &Settings, digests: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let report = run(settings, folder.path()).unwrap();
    let mut expected = settings.file_names();
    let found: Vec<String> = report.files.iter().map(|file| digest(&file.path)).collect();
    assert_eq!(found, digests, "{settings:?}");
    expected.sort();
    assert_eq!(names(folder.path()), expected);
}

fn digest(path: &Path) -> String {
    let digest = Sha256::digest(std::fs::read(path).unwrap());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

// SHA-256 digests of files that the paper's own program wrote, under CPython 3.11.7. `val` is made after `train` from the rest of the same stream,
// so it depends on all draws before it.

#[test]
fn equals_the_paper_of_three_to_four_numbers() {
    let digests = [
        "b01d2eab9b591f9bc810e1e3d47df91e8da304dc4548c7671f22f8ffdf559152",
        "f6fa237be076e2812a2d2f555ce9e30a4da3037e9f12c8b4d89ea996fee91ac1",
        "a9d92b576984f4bca9d40da2dbc997a26c356d931c17bfc398baf37588ae9358",
    ];
    expect(&settings(1, (3, 4), 100, 500), &digests);
}

#[test]
fn equals_the_paper_of_four_numbers() {
    let digests = [
        "09e9e37d6f09264b6c7173bb3c8f22b8ba0dbbba99ccfea615fc788e243919fd",
        "0dcd87602447dc24a6e0ee8527a5e3cf8623f12e4bccbfff91611c5f1a7fff03",
        "5b691b1f4b385aacee52b53ff4334755876f414fc7920264f3fb64ff20895d09",
    ];
    expect(&settings(4, (4, 4), 100, 2000), &digests);
}

#[test]
fn equals_the_paper_of_up_to_five_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let report = run(&settings(0, (3, 5), 100, 100), folder.path()).unwrap();
    let train = "173bb1393e3c7f263b3ea620d6a673aece53614964605546f6780add8b737b16";
    assert_eq!(digest(&report.files[0].path), train);
}

// The following digests were made in the same way with other settings, which each test names. For two numbers, the program's statistics were
// extended to that size, since the program would stop there.

#[test]
fn equals_the_paper_where_val_draws_again() {
    // Two numbers and targets up to 24: most solutions of val are in train, and its optimal paths are stale.
    let digests = [
        "f604de57455a399e6120b194eb24256f2bf625bb869362e41fd6ddefbc3e5d9a",
        "b78e97411c5aa820292188c3c1333282497bd81da95094138bcd77dcd4b40941",
        "ac525159da8639464fb0e2a889caf89f1eed968fdb83df84e702623b30cf9c60",
    ];
    expect(&settings(1, (2, 2), 24, 300), &digests);
}

#[test]
fn equals_the_paper_with_one_held_out_target() {
    let digests = [
        "63bc49aa32009bd5629df6da20cb248ebfa0809adf94e1d00755a22b18c051d6",
        "06fd3abc0f238c61dd5114cc91e61ce834bed04f7e377734ce80dc377fff05d6",
        "8a9f7688abdc32fcfad4026fc5f02729d6a51b8f3e36eed1e4f2020b88859b63",
    ];
    expect(&settings(5, (3, 3), 19, 2000), &digests);
}

#[test]
fn equals_the_paper_with_a_seed_of_three_words_and_no_offset() {
    let digests = [
        "b2cea04fabcddc65a103f64de890d5c4b7faeb57fd7f7b2bced5102fa73b0701",
        "6d8fa91218763ac4fd241ee5fe549f1681bec3eac5f636c9422834680e5ebb4c",
        "78d56e86d35e41a4994fee0e2db4729634af2e834b4ca634a0b80fbddfe051f3",
    ];
    expect(&Settings { offset: 0, ..settings((1 << 64) + 1, (3, 4), 30, 60) }, &digests);
}

#[test]
fn equals_the_paper_with_an_empty_train() {
    let digests = [
        "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945",
        "a84445d6cd72d558ed5d4f120a8e7708ad4e890266c1d9b23e399a37cc7989df",
        "503c35603a890e53851fa9069ac6c60d22b71e3354f53896869bdd1820e562fb",
    ];
    expect(&settings(9, (3, 4), 100, 0), &digests);
}

#[test]
fn equals_the_paper_when_growing() {
    let cases = [
        (growing(0, (2, 5), 24, 40, 1), "fa583da6e816f7fd021c60346c85e2d2acf1152902b9d9a1e7390b7979f99214"),
        (growing(2, (5, 5), 1000, 6, 1), "0064a78c9e90ec74bb626538668ff7259d1ecc4088606d38b30332f42dee3e73"),
        (growing(3, (5, 5), 11, 12, 2), "109daec766aa11bd063ea96c6bea9500802592296a6f521aa7e6b9aaf51ce5b6"),
        (growing(8, (4, 4), 1000, 40, -20), "d3d6cd8267b73805de72ede5c1edc6e30220af3214b6bb5007f1e6da0b77c0c9"),
        (growing(-9, (4, 4), 24, 200, 2), "90f9776a2a27f64c02012872182061638a2c58caac50a19f70e85423aa63361e"),
    ];
    for (settings, digest) in cases {
        expect(&settings, &[digest]);
    }
}

#[test]
fn the_greatest_numbers_allowed_stay_in_bounds() {
    for (size, most) in [(2, 1_000_000), (3, 100_000), (4, 5623), (5, 1000)] {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(greatest_target(size), most);
        run(&growing(5, (size, size), most, 3, 1), folder.path()).unwrap();
        let error = run(&growing(5, (size, size), most + 1, 3, 1), folder.path()).unwrap_err();
        assert!(matches!(error, ReproduceError::LargeTargets { .. }), "{error}");
    }
}

#[test]
fn settings_that_cannot_work_are_refused_before_anything_is_written() {
    let cases = [
        (settings(0, (1, 3), 100, 1), "sizes 1 to 3: a puzzle has 2 to 5 numbers here, the smaller size first"),
        (settings(0, (4, 3), 100, 1), "sizes 4 to 3: a puzzle has 2 to 5 numbers here, the smaller size first"),
        (settings(0, (5, 6), 100, 1), "sizes 5 to 6: a puzzle has 2 to 5 numbers here, the smaller size first"),
        (growing(0, (3, 3), 9, 1, 1), "maximum target 9: 10 or more is needed, since targets start there"),
        (
            settings(0, (3, 3), 18, 1),
            "maximum target 18: 19 or more is needed, so that val_target has a target (a tenth of all, rounded down); \
             growing needs none",
        ),
        (
            growing(0, (3, 5), 1001, 1, 1),
            "maximum target 1001 with 5 numbers: at most 1000 is allowed, so that results stay exact",
        ),
        (
            growing(i128::MAX, (3, 3), 100, 1, 1),
            "seed 170141183460469231731687303715884105727 plus offset 1 is out of range: take a smaller seed",
        ),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (settings, message) in cases {
        let out = folder.path().join("out");
        assert_eq!(run(&settings, &out).unwrap_err().to_string(), message);
        assert!(!out.exists());
    }
}

#[test]
fn val_gives_up_when_train_has_every_solution() {
    let folder = tempfile::tempdir().unwrap();
    let error = run(&settings(3, (2, 2), 19, 20_000), folder.path()).unwrap_err();
    assert!(matches!(error, ReproduceError::NoFreshSolution { size: 2, .. }), "{error}");
    assert_eq!(names(folder.path()), ["train1_b2_t19_n20000_random.json", "val_target1_b2_t19_n20000_random.json"]);
}

#[test]
fn a_stopped_run_leaves_only_whole_files() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(4, (4, 4), 100, 20);
    let mut calls = 0;
    let result = generate(&settings, folder.path(), &mut |progress| {
        calls += 1;
        assert_eq!(progress.of, 2020);
        if progress.rows > 20 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(matches!(result, Err(ReproduceError::Stopped { file }) if file.ends_with(&settings.file_names()[1])));
    assert!(calls > 0);
    assert_eq!(names(folder.path()), ["train1_b4_t100_n20_random.json"]);
}

#[test]
fn leftovers_and_older_files_are_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let settings = growing(4, (3, 3), 100, 5, 1);
    let path = folder.path().join(&settings.file_names()[0]);
    run(&settings, folder.path()).unwrap();
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, "older").unwrap();
    std::fs::write(folder.path().join(format!("{}.partial", settings.file_names()[0])), "x".repeat(100_000)).unwrap();
    run(&settings, folder.path()).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), whole);
    assert_eq!(names(folder.path()), settings.file_names());
}

#[test]
fn a_folder_that_is_a_file_is_named_in_the_error() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = run(&growing(4, (3, 3), 100, 5, 1), file.path()).unwrap_err();
    let message = error.to_string();
    assert!(message.starts_with(&format!("{}: making the folder failed: ", file.path().display())), "{message}");
}
