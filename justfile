# Everyday commands; `just` lists them. Each is one command that can be typed as well: CONTRIBUTING.md names them.

as_of := "2026-06-30"

# The list of commands
default:
    @just --list

# Unit tests and the suite; give a name to run fewer: `just test hostile::`
test name="":
    cargo test --lib --test suite -- {{ name }}

# The tests of the default pack, or of one measure: `just pack DD-09`
pack measure="":
    cargo run --quiet -- test policies/fbi-i-101823-psa {{ if measure == "" { "" } else { "--measure " + measure } }}

# Shows changed snapshots and asks which to accept (cargo install cargo-insta)
snapshots:
    cargo insta test --review --lib --test suite

# Format and lints, as CI asks for them
lint:
    cargo fmt --check
    cargo clippy --all-targets --locked -- -D warnings

# Licences, duplicates and sources of the libraries (cargo install cargo-deny)
deny:
    cargo deny --locked check bans licenses sources

# Spelling (pip install typos)
spelling:
    typos

# All that CI runs
ci:
    bash .ci/run

# The HTML report in a real browser
browser:
    npm --prefix tests/browser ci --silent
    DULY_BROWSER=required cargo test --test browser

# The schemas in a YAML language server
editors:
    npm --prefix tests/editors ci --silent
    DULY_EDITORS=required cargo test --test editors

# The pictures of docs/images, anew
pictures:
    npm --prefix tests/browser ci --silent
    DULY_BROWSER=required DULY_PICTURES=write cargo test --test browser

# Benchmarks; arguments as in benches/README.md
bench *arguments:
    cargo bench --bench audit -- {{ arguments }}

# Every seed of every fuzz target, without a fuzzer
fuzz-smoke:
    cargo test --test suite fuzz::

# One fuzz target for some seconds (cargo install cargo-fuzz, and a nightly toolchain)
fuzz target seconds="60":
    cargo +nightly fuzz run {{ target }} -- -max_total_time={{ seconds }} -max_len=4096

# The committed pages that are made of the code, and the saved assessments among the seeds, anew
docs:
    UPDATE_DOCS=1 cargo test --test suite fresh::
    UPDATE_SEEDS=1 cargo test --test suite fuzz::

# The committed schemas, anew
schemas:
    cargo run --quiet -- schema --all schemas

# The committed HTML report of the example, anew
sample:
    #!/usr/bin/env bash
    set -euo pipefail
    cargo build --quiet
    root=$PWD
    # Outside the repository, so that the report names no commit.
    folder=$(mktemp -d)
    cp -r examples/meridian-labs/. "$folder"
    (cd "$folder" && "$root/target/debug/duly" audit . --as-of {{ as_of }} --report html --quiet > "$root/examples/meridian-labs.report.html") || [ $? -eq 1 ]
    rm -r "$folder"

# Audits both examples
examples:
    -cargo run --quiet -- audit examples/meridian-labs --as-of {{ as_of }} --quiet
    cargo run --quiet -- audit examples/clean-harbor --as-of {{ as_of }} --quiet
