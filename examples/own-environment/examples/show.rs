//! Shows a puzzle of your own environment: `cargo run -p own-environment --example show`.

fn main() {
    print!("{}", sos_envs::show::puzzle(&own_environment::Jugs { sizes: [3, 5], target: 4 }));
}
