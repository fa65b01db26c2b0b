//! Starting other programs, and never leaving one behind.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, Once};

use anyhow::{Context, Result, bail};

/// The repository's root, wherever the command was called from.
pub fn repository() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// A program that runs in the repository's root.
pub fn program(name: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(name);
    command.args(arguments).current_dir(repository());
    command
}

/// `npm` in www/.
pub fn npm(arguments: &[&str]) -> Command {
    let mut command = program("npm", arguments);
    command.current_dir(repository().join("www"));
    command
}

/// Where `name` lies on the PATH.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|directory| directory.join(name)).find(|file| file.is_file())
}

/// Runs to the end, with its output on the console.
///
/// # Errors
/// When it cannot be started or does not succeed; names the command.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", spoken(command)))?;
    if !status.success() {
        bail!("{} failed ({status})", spoken(command));
    }
    Ok(())
}

/// Runs to the end and returns what it printed; its error output goes to the console.
///
/// # Errors
/// As [`run`].
pub fn output(command: &mut Command) -> Result<String> {
    let output =
        command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot start {}", spoken(command)))?;
    if !output.status.success() {
        bail!("{} failed ({})", spoken(command), output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("{} printed no UTF-8", spoken(command)))
}

/// Runs to the end, handing over each line of its output as it comes; says whether it succeeded.
///
/// # Errors
/// When it cannot be started or read.
pub fn follow(command: &mut Command, mut line: impl FnMut(&str)) -> Result<bool> {
    let child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot start {}", spoken(command)))?;
    let mut child = Guarded::new(child);
    let stdout = child.child.stdout.take().context("no pipe to the program")?;
    for text in BufReader::new(stdout).split(b'\n') {
        line(String::from_utf8_lossy(&text?).trim_end_matches('\r'));
    }
    Ok(child.child.wait()?.success())
}

/// Runs a cargo command that builds (`build`, `rustc`) and returns the files that it made or found up to date.
///
/// # Errors
/// When it does not compile.
pub fn built_files(command: &str, arguments: &[&str]) -> Result<Vec<PathBuf>> {
    #[derive(serde::Deserialize)]
    struct Message {
        #[serde(default)]
        filenames: Vec<PathBuf>,
    }
    let json = output(program("cargo", &[command, "--message-format", "json-render-diagnostics"]).args(arguments))?;
    let mut files = Vec::new();
    for line in json.lines() {
        files
            .extend(serde_json::from_str::<Message>(line).context("cargo printed something else than JSON")?.filenames);
    }
    Ok(files)
}

/// A program that goes on beside us, and ends when this value does or when we are told to end.
pub struct Guarded {
    child: Child,
}

impl Guarded {
    fn new(child: Child) -> Self {
        end_children_when_told_to_end();
        running().push(child.id());
        Guarded { child }
    }

    /// Starts a server whose first line of output says where it listens. What it has to say beside that goes to `log`.
    ///
    /// # Errors
    /// When it cannot be started, or ends without that line.
    pub fn announcing(command: &mut Command, log: &Path) -> Result<(Guarded, String)> {
        let file = std::fs::File::create(log).with_context(|| format!("writing {}", log.display()))?;
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(file).spawn();
        let mut guarded = Guarded::new(child.with_context(|| format!("cannot start {}", spoken(command)))?);
        let mut lines = BufReader::new(guarded.child.stdout.take().context("no pipe to the program")?).lines();
        let Some(first) = lines.next().transpose()? else {
            let said = std::fs::read_to_string(log).unwrap_or_default();
            bail!("{} ended at once ({}): {}", spoken(command), guarded.child.wait()?, said.trim());
        };
        // Go on reading, so that it never waits for a reader of whatever it prints later.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| println!("{line}")));
        Ok((guarded, first))
    }

    /// Whether it is still running.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn is_running(&mut self) -> Result<bool> {
        // Waits here for good while we are being ended: that its servers end is then no news.
        let _not_ending = running();
        Ok(self.child.try_wait()?.is_none())
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        running().retain(|pid| *pid != self.child.id());
        // Both fail only when it has ended by itself, which is what we want.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The programs to end when we are told to end; a destructor does not run then.
static RUNNING: Mutex<Vec<u32>> = Mutex::new(Vec::new());

fn running() -> std::sync::MutexGuard<'static, Vec<u32>> {
    RUNNING.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn end_children_when_told_to_end() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let installed = ctrlc::set_handler(|| {
            let running = running();
            for pid in running.iter() {
                let _ = Command::new("kill").arg(pid.to_string()).stderr(Stdio::null()).status();
            }
            std::process::exit(130);
        });
        if let Err(error) = installed {
            eprintln!("xtask: Ctrl-C may leave servers running: {error}");
        }
    });
}

fn spoken(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    format!("`{}`", words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" "))
}
