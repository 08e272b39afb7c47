//! A hub of the real program on a folder of its own.

use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// The program with a clean environment, speaking English.
pub(crate) fn noroshi(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_noroshi"));
    command.args(args).current_dir(folder).stdin(Stdio::null());
    for (name, _) in std::env::vars().filter(|(n, _)| n.starts_with("NOROSHI_")) {
        command.env_remove(name);
    }
    command.env("NOROSHI_LANG", "en");
    command
}

/// Runs the program to its end.
pub(crate) fn run(folder: &Path, args: &[&str]) -> Output {
    noroshi(folder, args).output().unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Standard output of a run that must succeed.
pub(crate) fn good(folder: &Path, args: &[&str]) -> String {
    let output = run(folder, args);
    assert!(output.status.success(), "{args:?}: {}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

/// Standard error of a run that must fail.
pub(crate) fn bad(folder: &Path, args: &[&str]) -> String {
    let output = run(folder, args);
    assert!(!output.status.success(), "{args:?} succeeded: {}", text(&output.stdout));
    text(&output.stderr)
}

pub(crate) struct Site {
    pub(crate) folder: TempDir,
    pub(crate) base: String,
    hub: Option<Child>,
}

impl Site {
    /// A configuration with a tick of one second and an agreement; nothing runs yet.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = format!(
            "[hub]\nlisten = \"127.0.0.1:{port}\"\ndata = \"data\"\n[signal]\ntick_seconds = 1\n"
        );
        std::fs::write(folder.path().join("noroshi.toml"), config).unwrap();
        std::fs::write(folder.path().join("agreement.txt"), "You share and you keep it.").unwrap();
        let site = Self { folder, base: format!("http://127.0.0.1:{port}"), hub: None };
        site.admin(&["agreement", "publish", "2026-10", "agreement.txt"]);
        site
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        std::fs::write(self.path(name), content).unwrap();
        name.to_owned()
    }

    pub(crate) fn admin(&self, args: &[&str]) -> String {
        good(self.folder.path(), &[&["admin"], args].concat())
    }

    /// A member with a signature; its id.
    pub(crate) fn member(&self, name: &str) -> String {
        let ja = format!("株式会社{name}");
        let en = format!("{name} Corporation");
        let id = self.admin(&[
            "member",
            "add",
            "--name-en",
            &en,
            "--name-ja",
            &ja,
            "--label",
            "Industry/Machines",
        ]);
        let id = id.trim().to_owned();
        self.admin(&["agreement", "sign", &id, "--signer", "x", "--until", "2099-01-01T00:00:00Z"]);
        id
    }

    /// A key of a member that reads and reports.
    pub(crate) fn key(&self, member: &str) -> String {
        let key = self.admin(&["key", "create", member, "--label", "test", "--report"]);
        key.trim().to_owned()
    }

    pub(crate) fn start(&mut self) {
        let log =
            std::fs::File::options().create(true).append(true).open(self.path("hub.log")).unwrap();
        let child = noroshi(self.folder.path(), &["hub"]).stderr(log).stdout(Stdio::null()).spawn();
        self.hub = Some(child.unwrap());
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let ready = ureq::get(format!("{}/readyz", self.base)).call();
            if ready.is_ok_and(|r| r.status().as_u16() == 200) {
                return;
            }
            let ended = self.hub.as_mut().unwrap().try_wait().unwrap();
            assert!(ended.is_none() && Instant::now() < end, "no start: {}", self.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// As `kill -9`: nothing is finished, nothing is said.
    pub(crate) fn kill(&mut self) {
        let mut child = self.hub.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.path("hub.log")).unwrap_or_default()
    }

    /// Every file the hub has written, its log among them.
    pub(crate) fn kept(&self) -> Vec<Vec<u8>> {
        let mut folders = vec![self.path("data")];
        let mut kept = vec![self.log().into_bytes()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else {
                    kept.push(std::fs::read(entry.path()).unwrap());
                }
            }
        }
        kept
    }

    /// GET with a key: status and body.
    pub(crate) fn get(&self, key: &str, path: &str) -> (u16, Vec<u8>) {
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut answer = agent
            .get(format!("{}{path}", self.base))
            .header("authorization", format!("Bearer {key}"))
            .header("accept", "application/taxii+json;version=2.1, */*;q=0.1")
            .call()
            .unwrap();
        let body = answer.body_mut().with_config().limit(1 << 28).read_to_vec().unwrap();
        (answer.status().as_u16(), body)
    }

    /// Every version of every released signal, on however many pages.
    pub(crate) fn objects(&self, key: &str) -> Vec<Value> {
        let path = "/taxii2/noroshi/collections/signals/objects/?match[version]=all&limit=10000";
        let (mut objects, mut next) = (Vec::new(), String::new());
        loop {
            let mut page = self.page(key, &format!("{path}{next}"));
            if let Value::Array(more) = page["objects"].take() {
                objects.extend(more);
            }
            let Some(cursor) = page["next"].as_str() else { return objects };
            next = format!("&next={cursor}");
        }
    }

    /// A page. A key that was just made is known with the next tick.
    fn page(&self, key: &str, path: &str) -> Value {
        let (status, body) = (0..50)
            .map(|_| self.get(key, path))
            .find(|(status, _)| {
                let early = *status == 401;
                if early {
                    std::thread::sleep(Duration::from_millis(100));
                }
                !early
            })
            .unwrap();
        assert_eq!(status, 200, "{}", text(&body));
        serde_json::from_slice(&body).unwrap()
    }

    /// Patterns of all released indicator versions, waiting until `done` holds for them.
    pub(crate) fn patterns(&self, key: &str, done: impl Fn(&[String]) -> bool) -> Vec<String> {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let objects = self.objects(key);
            let patterns = objects.iter().filter_map(|o| o["pattern"].as_str().map(str::to_owned));
            let patterns: Vec<_> = patterns.collect();
            if done(&patterns) || Instant::now() > end {
                return patterns;
            }
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if self.hub.is_some() {
            if std::thread::panicking() {
                let text = format!("the hub's log:\n{}\n", self.log());
                drop(std::io::stderr().write_all(text.as_bytes()));
            }
            self.kill();
        }
    }
}
