//! What a shell and `man` get from the definition of the command line.

use super::support::{Repo, duly, says};

#[test]
fn every_shell_gets_completions_of_every_command() {
    let repo = Repo::new();
    let help = duly(&repo, &["--help"]).stdout;
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(commands.contains(&"audit") && commands.len() > 4, "{commands:?}");
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = duly(&repo, &["completions", shell]);
        assert_eq!((output.status, output.stderr.as_str()), (0, ""), "{shell}");
        says(&output.stdout, &commands);
        says(&output.stdout, &["fail-on", "as-of"]);
        if ["bash", "fish", "zsh"].contains(&shell) {
            says(&output.stdout, &["critical"]);
        }
    }
    let unknown = duly(&repo, &["completions", "command.com"]);
    assert_eq!(unknown.status, 2);
    says(&unknown.stderr, &["bash, elvish, fish, powershell, zsh"]);
}

#[test]
fn every_command_has_a_manual_page() {
    let repo = Repo::new();
    let duly_page = duly(&repo, &["man"]).stdout;
    says(&duly_page, &[".TH duly 1", ".SH NAME", "duly\\-audit(1)", "Exit status:"]);
    let commands: Vec<&str> = duly_page
        .lines()
        .filter_map(|line| line.strip_prefix("duly\\-")?.strip_suffix("(1)"))
        .filter(|name| *name != "help")
        .collect();
    assert!(commands.len() > 4, "{commands:?}");
    for command in commands {
        let page = duly(&repo, &["man", command]).stdout;
        says(&page, &[&format!(".TH duly-{command} 1"), ".SH SYNOPSIS", &format!("duly {command}")]);
    }
    let unknown = duly(&repo, &["man", "a\u{1b}[2J"]);
    assert_eq!(unknown.status, 2);
    says(&unknown.stderr, &["there is no command", "audit, diff"]);
}
