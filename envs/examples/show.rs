//! Shows a puzzle of an environment: `cargo run -p sos-envs --example show -- water-jugs easy 7`.

fn main() {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or("countdown".into());
    let level = arguments.next().unwrap_or("easy".into());
    let seed = arguments.next().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    match sos_envs::show::named(&name, &level, seed) {
        Some(shown) => print!("{shown}"),
        None => eprintln!("no environment {name} with a level {level}"),
    }
}
