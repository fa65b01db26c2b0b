//! A PostgreSQL of a test's own: in a temporary folder, on a free port of this machine alone, ended with the test.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// Whom it runs as when the test is root's: PostgreSQL refuses to be.
const ACCOUNT: &str = "postgres";

pub struct Postgres {
    pub url: String,
    programs: PathBuf,
    data: PathBuf,
    _folder: TempDir,
}

impl Postgres {
    /// `None` when there is no PostgreSQL on this machine; whoever asks says which test is skipped.
    pub fn start() -> Option<Postgres> {
        let programs = programs()?;
        let folder = TempDir::new().expect("a folder");
        if let Some(account) = account() {
            std::os::unix::fs::chown(folder.path(), Some(account.0), Some(account.1)).expect("given away");
        }
        let data = folder.path().join("data");
        let mut making = ours(&programs, "initdb");
        making.args(["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]).args(["-U", ACCOUNT, "-D"]);
        carry_out(making.arg(&data));
        let port =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port").local_addr().expect("an address").port();
        let options = format!("-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories=''");
        let mut starting = ours(&programs, "pg_ctl");
        starting.args(["start", "--wait", "--silent", "-o", &options, "-l"]).arg(folder.path().join("log"));
        carry_out(starting.arg("-D").arg(&data));
        let url = format!("postgres://{ACCOUNT}@127.0.0.1:{port}/postgres");
        Some(Postgres { url, programs, data, _folder: folder })
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut stopping = ours(&self.programs, "pg_ctl");
        let _ = stopping.args(["stop", "--silent", "--mode=immediate", "-D"]).arg(&self.data).status();
    }
}

/// On the path, or where Debian keeps one folder for each version.
fn programs() -> Option<PathBuf> {
    let on_path =
        std::env::var_os("PATH").into_iter().flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    on_path.chain(versions.map(|version| version.path().join("bin"))).find(|folder| folder.join("initdb").is_file())
}

fn ours(programs: &Path, name: &str) -> Command {
    let mut command = Command::new(programs.join(name));
    command.stdin(Stdio::null()).stdout(Stdio::null()).current_dir("/");
    if let Some((user, group)) = account() {
        std::os::unix::process::CommandExt::uid(&mut command, user);
        std::os::unix::process::CommandExt::gid(&mut command, group);
    }
    command
}

fn carry_out(command: &mut Command) {
    let status = command.status().expect("it starts");
    assert!(status.success(), "{command:?}: {status}");
}

/// User and group; `None` for who is not root and runs it as themselves.
fn account() -> Option<(u32, u32)> {
    let id = Command::new("id").arg("-u").output().ok()?;
    if id.stdout.trim_ascii() != b"0" {
        return None;
    }
    let people = std::fs::read_to_string("/etc/passwd").ok()?;
    let line = people.lines().find(|line| line.split(':').next() == Some(ACCOUNT))?;
    let mut numbers = line.split(':').skip(2);
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}
