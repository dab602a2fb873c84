//! The duly binary.

fn main() -> std::process::ExitCode {
    duly::cli::main()
}
