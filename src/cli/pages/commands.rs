//! `docs/commands.md`: the commands, from the definition of the command line.

use clap::{Arg, Command};

use super::markdown::cell;

/// The page, in Markdown.
pub(super) fn page(mut duly: Command) -> String {
    duly.build();
    let mut text = String::from(
        "# Commands\n\nMade from the command line itself: `duly help COMMAND` says the same. `duly man` prints it as a \
         manual page, `duly completions SHELL` for a shell.\n",
    );
    let commands: Vec<&Command> = duly.get_subcommands().filter(|c| c.get_name() != "help").collect();
    text.push_str("\n| command | what it does |\n| --- | --- |\n");
    for command in &commands {
        let name = command.get_name();
        text.push_str(&format!("| [`{name}`](#duly-{name}) | {} |\n", about(command)));
    }
    if let Some(after) = duly.get_after_help() {
        text.push_str(&format!("\n```text\n{after}\n```\n"));
    }
    for command in commands {
        section(command, "##", &format!("duly {}", command.get_name()), &mut text);
    }
    text
}

/// What a command does.
fn about(command: &Command) -> String {
    command.get_about().map_or_else(String::new, |about| cell(&about.to_string()))
}

fn section(command: &Command, level: &str, name: &str, text: &mut String) {
    text.push_str(&format!("\n{level} `{name}`\n\n{}.\n", about(command)));
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim();
    // Built as a part of duly it knows its whole name; alone, its own only.
    let usage = usage.strip_prefix(name).unwrap_or(usage).trim();
    text.push_str(&format!("\n```text\n{name} {usage}\n```\n"));
    let arguments: Vec<&Arg> = command
        .get_arguments()
        .filter(|argument| {
            !argument.is_hide_set() && !matches!(argument.get_id().as_str(), "help" | "version")
        })
        .collect();
    if !arguments.is_empty() {
        text.push_str("\n| argument | meaning |\n| --- | --- |\n");
        for argument in arguments {
            text.push_str(&format!(
                "| `{}` | {} |\n",
                written(argument).replace('|', "\\|"),
                meaning(argument)
            ));
        }
    }
    for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
        section(inner, &format!("{level}#"), &format!("{name} {}", inner.get_name()), text);
    }
}

/// An argument as it is written: `--as-of <YYYY-MM-DD>`.
fn written(argument: &Arg) -> String {
    let names = argument.get_value_names().unwrap_or_default();
    let takes = argument.get_action().takes_values();
    let value = names.iter().filter(|_| takes).map(|name| format!("<{name}>")).collect::<Vec<_>>().join(" ");
    let mut parts = Vec::new();
    parts.extend(argument.get_short().map(|short| format!("-{short}")));
    parts.extend(argument.get_long().map(|long| format!("--{long}")));
    match (parts.join(", "), value) {
        (flags, value) if flags.is_empty() => value,
        (flags, value) if value.is_empty() => flags,
        (flags, value) => format!("{flags} {value}"),
    }
}

fn meaning(argument: &Arg) -> String {
    let mut text = argument.get_help().map_or_else(String::new, |help| cell(&help.to_string()));
    let takes = argument.get_action().takes_values();
    let values: Vec<String> = argument
        .get_possible_values()
        .iter()
        .filter(|value| takes && !value.is_hide_set())
        .map(|value| format!("`{}`", value.get_name()))
        .collect();
    if !values.is_empty() {
        text.push_str(&format!(". One of {}", values.join(", ")));
    }
    let defaults: Vec<_> =
        argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if takes && !defaults.is_empty() {
        text.push_str(&format!(" [default: {}]", defaults.join(", ")));
    }
    text
}
