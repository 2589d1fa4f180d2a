//! The program `sos`.

fn main() -> std::process::ExitCode {
    stream_of_search::cli::main()
}
