//! A real mail server of the machine, Exim from Debian's packages: on a loopback port, with a
//! configuration, a spool and mailboxes of its own under the folder of a test.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use mail_parser::MessageParser;

const EXIM: &str = "/usr/sbin/exim4";
/// Whom Debian's Exim runs as; nobody else but root may start it as a server.
const USER: &str = "Debian-exim";

/// A server that is not started yet.
pub(crate) struct MailServer {
    folder: PathBuf,
    pub(crate) port: u16,
    running: Option<Child>,
    ids: (u32, u32),
}

/// A mail that arrived.
pub(crate) struct Arrived {
    pub(crate) raw: String,
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) id: String,
    /// Seconds since 1970, from its header.
    pub(crate) date: i64,
}

impl MailServer {
    /// `None` where this machine cannot run it; in CI that is a failure.
    pub(crate) fn new(folder: &Path) -> Option<Self> {
        let Some(ids) = may_run() else {
            let text = format!("{EXIM} is missing, or this is not root");
            assert!(std::env::var("CI").is_err(), "{text}: apt-get install exim4-daemon-light");
            let text = format!("\nSKIPPED: reminders over a real mail server; {text}\n");
            std::io::stderr().write_all(text.as_bytes()).unwrap();
            return None;
        };
        // A folder of its own: that of the test is closed to other users.
        let folder = folder.join("mail");
        for part in ["", "spool", "box", "log"] {
            std::fs::create_dir_all(folder.join(part)).unwrap();
        }
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        std::fs::write(folder.join("cert.pem"), made.cert.pem()).unwrap();
        std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
        // Free now; a test machine has nobody who takes it in between.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = CONFIG.replace("FOLDER", folder.to_str().unwrap()).replace("USER", USER);
        std::fs::write(folder.join("exim.conf"), config).unwrap();
        for part in ["", "spool", "box", "log", "cert.pem", "key.pem", "exim.conf"] {
            chown(folder.join(part), Some(ids.0), Some(ids.1)).unwrap();
        }
        let mut above = folder.parent();
        while let Some(dir) = above.filter(|d| *d != Path::new("/") && *d != Path::new("/tmp")) {
            std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o755)).unwrap();
            above = dir.parent();
        }
        Some(Self { folder, port, running: None, ids })
    }

    /// PEM file of who signed its certificate.
    pub(crate) fn ca(&self) -> PathBuf {
        self.folder.join("cert.pem")
    }

    pub(crate) fn start(&mut self) {
        let child = Command::new(EXIM)
            .arg("-C")
            .arg(self.folder.join("exim.conf"))
            .args(["-bdf", "-oX", &format!("127.0.0.1.{}", self.port)])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .gid(self.ids.1)
            .uid(self.ids.0)
            .spawn()
            .unwrap();
        self.running = Some(child);
        self.wait_for(|s| TcpStream::connect(("127.0.0.1", s.port)).is_ok());
    }

    /// Waits until so many mails arrived, and shows all there are.
    pub(crate) fn arrived(&self, count: usize) -> Vec<Arrived> {
        self.wait_for(|s| s.files().len() >= count);
        let mut all: Vec<Arrived> = self.files().iter().map(|f| read(f)).collect();
        all.sort_by_key(|m| m.date);
        all
    }

    fn files(&self) -> Vec<PathBuf> {
        let Ok(new) = std::fs::read_dir(self.folder.join("box/new")) else { return Vec::new() };
        new.map(|f| f.unwrap().path()).collect()
    }

    fn wait_for(&self, there: impl Fn(&Self) -> bool) {
        let end = Instant::now() + Duration::from_secs(60);
        while !there(self) {
            let log = || std::fs::read_to_string(self.folder.join("log/mainlog"));
            assert!(Instant::now() < end, "the mail server: {:?}", log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        if let Some(child) = &mut self.running {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

fn read(file: &Path) -> Arrived {
    let raw = std::fs::read(file).unwrap();
    let mail = MessageParser::default().parse(&raw).unwrap();
    Arrived {
        to: mail.to().unwrap().first().unwrap().address().unwrap().to_owned(),
        subject: mail.subject().unwrap().to_owned(),
        text: mail.body_text(0).unwrap().into_owned(),
        id: mail.message_id().unwrap().to_owned(),
        date: mail.date().unwrap().to_timestamp(),
        raw: String::from_utf8_lossy(&raw).into_owned(),
    }
}

/// User and group to run as.
fn may_run() -> Option<(u32, u32)> {
    let number = |what: &str| {
        let out = Command::new("id").arg(what).output().ok()?;
        String::from_utf8(out.stdout).ok()?.trim().parse::<u32>().ok()
    };
    let of = |what: &str| {
        let out = Command::new("id").args([what, USER]).output().ok()?;
        String::from_utf8(out.stdout).ok()?.trim().parse::<u32>().ok()
    };
    (Path::new(EXIM).exists() && number("-u")? == 0).then_some(())?;
    of("-u").zip(of("-g"))
}

/// Takes mail for one mailbox, wants TLS, refuses one address for ever and one for now.
const CONFIG: &str = "
primary_hostname = mail.test
spool_directory = FOLDER/spool
log_file_path = FOLDER/log/%slog
pid_file_path = FOLDER/pid
local_interfaces = 127.0.0.1
tls_advertise_hosts = *
tls_certificate = FOLDER/cert.pem
tls_privatekey = FOLDER/key.pem
keep_environment =
host_lookup =
rfc1413_query_timeout = 0s
deliver_drop_privilege = true
acl_smtp_rcpt = check
begin acl
check:
  deny condition = ${if eq{$tls_in_cipher}{}}
       message = TLS first
  deny local_parts = nobody
       message = no such mailbox
  defer local_parts = later
       message = try again
  accept
begin routers
all:
  driver = accept
  transport = file
begin transports
file:
  driver = appendfile
  directory = FOLDER/box
  maildir_format
  user = USER
begin retry
* * F,1h,1m
";
