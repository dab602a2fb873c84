//! `duly hash`: keyed hashes for records, without the value or the key in any output.

use super::support::{Call, Output, Repo, duly, says};

const KEY: &str = "4f1c22d9a07be35568cd1190e7a2bb34";
const ACCOUNT: &str = "DE89 3704 0044 0532 0130 00";

fn hash(repo: &Repo, args: &[&str], stdin: &str) -> Output {
    let all = ["hash"].iter().chain(args);
    Call::new(repo.root()).env("DULY_HASH_KEY", KEY).args(all).stdin(stdin).run()
}

#[test]
fn equal_values_have_equal_hashes_however_they_are_written() {
    let repo = Repo::new();
    let one = hash(&repo, &[], ACCOUNT);
    assert_eq!((one.status, one.stderr.as_str()), (0, ""));
    assert_eq!(one.stdout.trim().len(), "hmac-".len() + 64);
    assert!(one.stdout.starts_with("hmac-"), "{}", one.stdout);
    assert_eq!(hash(&repo, &["--stdin"], "de89370400440532013000\n"), one);
    assert_eq!(hash(&repo, &["DE89", "3704", "0044", "0532", "0130", "00"], ""), one);
    let phones = hash(&repo, &["--as", "phone", "--stdin"], "(612) 555-0151\n+1 612 555 0151\n");
    let lines: Vec<&str> = phones.stdout.lines().collect();
    assert_eq!((lines.len(), lines[0] == lines[1]), (2, true));
    let emails = hash(&repo, &["--as", "email", "--stdin"], "Ann+x@example.com\nbob@example.com\n");
    let lines: Vec<&str> = emails.stdout.lines().collect();
    assert_ne!(lines[0], lines[1]);
    // Another key, another hash.
    let other = Call::new(repo.root()).env("DULY_HASH_KEY", "another key of 16 bytes").args(["hash"]);
    assert_ne!(other.stdin(ACCOUNT).run().stdout, one.stdout);
}

#[test]
fn a_hash_is_accepted_by_the_record_it_is_for() {
    let repo = Repo::new();
    let text = hash(&repo, &["--as", "document", "P1234567"], "").stdout;
    let record = format!(
        "kind: worker\nid: W-1\nstatus: active\nidentity:\n  document_type: passport\n  document_hash: {text}"
    );
    repo.write("worker.yaml", record);
    super::packs::active(&repo);
    let audit = super::support::audit(&repo);
    assert!(audit.problems().is_empty(), "{:?}", audit.problems());
}

#[test]
fn neither_value_nor_key_is_in_an_error() {
    let repo = Repo::new();
    for (args, stdin, why) in [
        (vec!["--stdin"], "secret-value\n", "0 digits"),
        (vec!["--stdin"], "123456\nn/a\n", "line 2"),
        (vec!["--as", "email", "98765432"], "", "not an e-mail address"),
        (vec!["--as", "phone", "none-9876"], "", "not a telephone number"),
        (vec!["--as", "email", "-98765432"], "", "not an e-mail address"),
        (vec![], "", "standard input is empty"),
    ] {
        let output = hash(&repo, &args, stdin);
        assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{args:?}");
        says(&output.stderr, &[why]);
        for secret in ["secret-value", "98765432", "9876", "n/a", KEY] {
            assert!(!output.stderr.contains(secret), "{secret} in {}", output.stderr);
        }
    }
}

#[test]
fn weak_and_absent_keys_are_refused() {
    let repo = Repo::new();
    let none = duly(&repo, &["hash", "123456"]);
    assert_eq!((none.status, none.stdout.as_str()), (2, ""));
    says(&none.stderr, &["there is no key", "--key-file", "DULY_HASH_KEY", "openssl rand"]);
    for (key, why) in [("fifteen-bytes-k", "has 15 bytes"), ("abababababababababab", "easy to guess")] {
        let output = Call::new(repo.root()).env("DULY_HASH_KEY", key).args(["hash", "123456"]).run();
        assert_eq!(output.status, 2);
        says(&output.stderr, &[why]);
        assert!(!output.stderr.contains(key), "{}", output.stderr);
    }
}

#[test]
fn a_key_file_that_the_repository_keeps_is_refused() {
    let outside = Repo::with(&[("duly.key", &format!("{KEY}\n"))]);
    let repo = Repo::with(&[("duly.yaml", "organization: A\n"), ("key", KEY), ("keys/one", KEY)]);
    let asked = |file: &str| duly(&repo, &["hash", "--key-file", file, ACCOUNT]);
    let path = outside.path("duly.key").to_string_lossy().into_owned();
    let good = asked(&path);
    assert_eq!((good.status, good.stderr.as_str()), (0, ""));
    // The key of the file is the one of the environment, without the line end.
    assert_eq!(good, hash(&repo, &[ACCOUNT], ""));
    // Beside the records, where no git knows what is ignored.
    let beside = asked("key");
    assert_eq!(beside.status, 2);
    says(&beside.stderr, &["the key file key lies beside the records", "move the key outside"]);
    // In a work tree: ignored or not.
    git2::Repository::init(repo.root()).expect("a repository");
    let kept = asked("keys/one");
    assert_eq!(kept.status, 2);
    says(&kept.stderr, &["lies in a git repository that does not ignore it"]);
    repo.write(".gitignore", "/keys/\n");
    assert_eq!(asked("keys/one"), good);
    assert_eq!(asked("key").status, 2);
    assert_eq!(asked("nowhere").status, 2);
}
