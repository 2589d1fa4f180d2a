//! Shows a puzzle of an environment of the registry: `cargo run -p sos-envs --example puzzle -- water-jugs easy 7`.

use sos_envs::{Complete, EnvironmentVisitor, LEVELS, show, visit_environments};

struct Show {
    name: String,
    level: usize,
    seed: u64,
    found: bool,
}

impl EnvironmentVisitor for Show {
    fn visit<E: Complete>(&mut self, kind: usize) {
        if E::kinds()[kind].name != self.name {
            return;
        }
        self.found = true;
        match show::drawn::<E>(&E::levels_of(kind)[self.level], self.seed) {
            Some(puzzle) => print!("{}", show::puzzle(&puzzle)),
            None => eprintln!("no puzzle was drawn"),
        }
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or("countdown".into());
    let level = arguments.next().unwrap_or("easy".into());
    let Some(level) = LEVELS.iter().position(|known| *known == level) else {
        return eprintln!("level: found {level}; allowed: {}", LEVELS.join(", "));
    };
    let seed = arguments.next().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let mut show = Show { name, level, seed, found: false };
    visit_environments(&mut show);
    if !show.found {
        eprintln!("there is no environment {}", show.name);
    }
}
