//! Plays stories, from a range of seeds, on all cores; see `cargo xtask simulate`.

fn main() -> std::process::ExitCode {
    #[cfg(not(target_arch = "wasm32"))]
    return simulate::run(std::env::args().skip(1));
    #[cfg(target_arch = "wasm32")]
    std::process::ExitCode::FAILURE
}

#[cfg(not(target_arch = "wasm32"))]
mod simulate {
    use std::process::ExitCode;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Instant;

    use simulation::breakage::Breakage;
    use simulation::play;
    use simulation::reduce::reduce;
    use simulation::story::Story;
    use simulation::tally::{Kind, Tally};

    /// How many seeds a core takes at a time.
    const CHUNK: u64 = 64;

    /// What was asked for.
    struct Options {
        seeds: u64,
        from: u64,
        /// Only every so many-th seed: 64 for those on the wire.
        step: u64,
        jobs: usize,
        one: Option<u64>,
        is_whole: bool,
    }

    pub fn run(arguments: impl Iterator<Item = String>) -> ExitCode {
        let options = match parse(arguments) {
            Ok(options) => options,
            Err(wrong) => {
                eprintln!("{wrong}\nusage: simulate [--seeds N] [--from S] [--step K] [--jobs J] | --seed S [--whole]");
                return ExitCode::from(2);
            }
        };
        match options.one {
            Some(seed) if tell(seed, options.is_whole) => ExitCode::FAILURE,
            Some(_) => ExitCode::SUCCESS,
            None => sweep(&options),
        }
    }

    fn parse(arguments: impl Iterator<Item = String>) -> Result<Options, String> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let mut options = Options { seeds: 20_000, from: 0, step: 1, jobs: cores, one: None, is_whole: false };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let mut number = || {
                let number = arguments.next().and_then(|text| text.parse::<u64>().ok());
                number.ok_or_else(|| format!("{argument} wants a number"))
            };
            match argument.as_str() {
                "--seeds" => options.seeds = number()?,
                "--from" => options.from = number()?,
                "--step" => options.step = number()?.max(1),
                "--jobs" => options.jobs = number()?.max(1) as usize,
                "--seed" => options.one = Some(number()?),
                "--whole" => options.is_whole = true,
                _ => return Err(format!("what is {argument}?")),
            }
        }
        Ok(options)
    }

    /// Plays all seeds; tells the first that goes wrong.
    fn sweep(options: &Options) -> ExitCode {
        let started = Instant::now();
        let (next, failed) = (AtomicU64::new(0), Mutex::new(Vec::new()));
        let tally = Mutex::new(Tally::default());
        std::thread::scope(|scope| {
            for _ in 0..options.jobs {
                scope.spawn(|| {
                    let mut own = Tally::default();
                    loop {
                        let first = next.fetch_add(CHUNK, Ordering::Relaxed);
                        if first >= options.seeds {
                            break;
                        }
                        for seed in first..(first + CHUNK).min(options.seeds) {
                            let seed = options.from + seed * options.step;
                            let told = play(&Story::from_seed(seed), Breakage::None, false);
                            own.take_in(&told.tally);
                            if let Some(complaint) = told.complaints.into_iter().next() {
                                failed
                                    .lock()
                                    .unwrap_or_else(std::sync::PoisonError::into_inner)
                                    .push((seed, complaint));
                            }
                        }
                    }
                    tally.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take_in(&own);
                });
            }
        });
        let seconds = started.elapsed().as_secs_f64();
        print_tally(&tally.into_inner().unwrap_or_default());
        println!(
            "{} seeds from {} in {seconds:.1} s: {:.0} seeds a second on {} cores",
            options.seeds,
            options.from,
            options.seeds as f64 / seconds,
            options.jobs
        );
        let mut failed = failed.into_inner().unwrap_or_default();
        failed.sort();
        let Some((first, _)) = failed.first().cloned() else {
            println!("nothing lost, nothing doubled");
            return ExitCode::SUCCESS;
        };
        println!("\n{} seeds went wrong; the first:", failed.len());
        for (seed, complaint) in failed.iter().take(200) {
            println!("  {seed}: {}", complaint.chars().take(160).collect::<String>());
        }
        tell(first, false);
        ExitCode::FAILURE
    }

    fn print_tally(tally: &Tally) {
        for (kind, name) in [(Kind::Deed, "people"), (Kind::Fault, "faults"), (Kind::Engine, "engine")] {
            let parts = tally.iter().filter(|(count, _)| count.kind == kind);
            let parts: Vec<String> = parts.map(|(count, times)| format!("{} {times}", count.name)).collect();
            println!("{name}: {}", parts.join(", "));
        }
    }

    /// Tells one seed, in its shortest form when it goes wrong; whether it does.
    fn tell(seed: u64, is_whole: bool) -> bool {
        let story = Story::from_seed(seed);
        let shortest = if is_whole { story } else { reduce(&story, Breakage::None) };
        let told = play(&shortest, Breakage::None, true);
        println!("\nseed {seed}: {:?}", shortest.setup);
        for line in &told.log {
            println!("  {line}");
        }
        for complaint in &told.complaints {
            println!("WRONG {complaint}");
        }
        !told.complaints.is_empty()
    }
}
