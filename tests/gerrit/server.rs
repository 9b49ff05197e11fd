//! A real Gerrit on the loopback interface, with a fresh site.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use libtest_mimic::Failed;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Child, Command, manifest};

/// More than the download takes on a slow line.
const DOWNLOAD: Duration = Duration::from_secs(1200);

/// More than all tests take.
const LIFE: Duration = Duration::from_secs(1800);

const START: Duration = Duration::from_secs(240);

const NEEDED: &str =
    "Java 17 and Maven are needed (Debian: apt install openjdk-17-jdk-headless maven)";

/// The password of everyone but the administrator.
pub(crate) const PASSWORD: &str = "hidden";

pub(crate) struct Server {
    _site: TempDir,
    _daemon: Child,
    http: u16,
    ssh: u16,
}

/// The one server of all tests, once a test has asked for it.
#[derive(Default)]
pub(crate) struct Shared(Mutex<Option<Result<Server, String>>>);

impl Shared {
    /// Gives the server to `test`, and starts it first if it does not run.
    ///
    /// One test after the other: they are short, and the server is one.
    pub(crate) fn with(
        &self,
        test: impl FnOnce(&Server) -> Result<(), Failed>,
    ) -> Result<(), Failed> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let started = || Server::start().map_err(|e| e.message().unwrap_or("?").to_owned());
        match held.get_or_insert_with(started) {
            Ok(server) => test(server),
            Err(why) => Err(why.as_str().into()),
        }
    }
}

impl Server {
    fn start() -> Result<Server, Failed> {
        let jars = jars()?;
        let site = TempDir::new()?;
        let (http, ssh) = (free_port()?, free_port()?);
        fs::create_dir_all(site.path().join("etc"))?;
        // The settings that count here, as OpenDev has them, and nothing that leaves this machine.
        let config = format!(
            "[gerrit]\n\tbasePath = git\n\tcanonicalWebUrl = http://127.0.0.1:{http}/\n\
             [auth]\n\ttype = DEVELOPMENT_BECOME_ANY_ACCOUNT\n\tcontributorAgreements = true\n\
             [index]\n\ttype = LUCENE\n\
             [sshd]\n\tlistenAddress = 127.0.0.1:{ssh}\n\
             [httpd]\n\tlistenUrl = http://127.0.0.1:{http}/\n\
             [receive]\n\tmaxBatchChanges = 50\n\
             [sendemail]\n\tenable = false\n"
        );
        fs::write(site.path().join("etc/gerrit.config"), config)?;
        let gerrit = |words: &[&str]| {
            let mut java = Command::new("java");
            java.arg("-cp").arg(format!("{}/*", jars.display()));
            java.arg(manifest("tests/gerrit/Run.java")).args(words);
            java.arg("-d").arg(site.path());
            java
        };
        let batch = [
            "--batch",
            "--no-auto-start",
            "--dev",
            "--skip-plugins",
            "--skip-all-downloads",
        ];
        let mut init = gerrit(&["Init"]);
        let output = init.args(batch).limit(START).output()?;
        if !output.status.success() {
            return Err(format!("Init: {}", String::from_utf8_lossy(&output.stderr)).into());
        }
        let log = File::create(site.path().join("said"))?;
        let mut daemon = gerrit(&["Daemon"]);
        daemon.stdout(log.try_clone()?).stderr(log);
        let server = Server {
            _daemon: daemon.limit(LIFE).spawn()?,
            _site: site,
            http,
            ssh,
        };
        server.wait()?;
        server.prepare()?;
        Ok(server)
    }

    fn wait(&self) -> Result<(), Failed> {
        let start = Instant::now();
        while self
            .try_ask("GET", "accounts/self", None, "text/plain")
            .is_err()
        {
            if start.elapsed() > START {
                let said = fs::read_to_string(self._site.path().join("said"))?;
                return Err(format!("Gerrit does not start: {said}").into());
            }
            thread::sleep(Duration::from_millis(250));
        }
        Ok(())
    }

    /// Makes two accounts, and what OpenDev asks of a commit.
    fn prepare(&self) -> Result<(), Failed> {
        for (user, name) in [("jane", "Jane Doe"), ("bob", "Bob")] {
            let email = format!("{user}@example.org");
            let account = json!({"name": name, "email": email, "http_password": PASSWORD});
            self.ask("PUT", &format!("accounts/{user}"), Some(account))?;
        }
        let config = json!({"use_signed_off_by": "TRUE", "require_change_id": "TRUE"});
        self.ask("PUT", "projects/All-Projects/config", Some(config))?;
        let workflow = json!({
            "values": {"-1": "Work in progress", " 0": "Ready for reviews", "+1": "Approved"},
            "function": "NoBlock",
        });
        self.ask(
            "PUT",
            "projects/All-Projects/labels/Workflow",
            Some(workflow),
        )?;
        Ok(())
    }

    /// Asks as the administrator, and returns the answer; one that is no JSON is null.
    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Result<Value, Failed> {
        self.try_ask(
            method,
            path,
            body.map(|body| body.to_string()),
            "application/json",
        )
        .map_err(|why| format!("{method} {path}: {why}").into())
    }

    /// Gives an account a key for ssh.
    pub(crate) fn add_key(&self, user: &str, key: &str) -> Result<(), Failed> {
        let path = format!("accounts/{user}/sshkeys");
        let body = Some(key.trim().to_owned());
        self.try_ask("POST", &path, body, "text/plain")
            .map(drop)
            .map_err(Failed::from)
    }

    fn try_ask(
        &self,
        method: &str,
        path: &str,
        body: Option<String>,
        kind: &str,
    ) -> Result<Value, String> {
        let mut curl = Command::new("curl");
        curl.args([
            "-s",
            "-S",
            "--fail-with-body",
            "--noproxy",
            "*",
            "-u",
            "admin:secret",
        ]);
        curl.args(["-X", method]);
        if let Some(body) = body {
            curl.args([
                "-H",
                &format!("Content-Type: {kind}"),
                "--data-binary",
                &body,
            ]);
        }
        curl.arg(format!("http://127.0.0.1:{}/a/{path}", self.http));
        let output = curl.output().map_err(|e| e.to_string())?;
        let said = String::from_utf8_lossy(&output.stdout);
        match output.status.success() {
            // Gerrit puts a line before its JSON, so that no browser runs it.
            true => Ok(serde_json::from_str(said.trim_start_matches(")]}'")).unwrap_or_default()),
            false => Err(format!(
                "{said} {}",
                String::from_utf8_lossy(&output.stderr)
            )),
        }
    }

    /// Returns the changes of a project, with what is asked for here of each.
    pub(crate) fn changes(&self, project: &str) -> Result<Vec<Value>, Failed> {
        let more = "o=CURRENT_REVISION&o=CURRENT_COMMIT&o=DETAILED_ACCOUNTS&o=DETAILED_LABELS";
        let found = self.ask("GET", &format!("changes/?q=project:{project}&{more}"), None)?;
        Ok(found.as_array().ok_or("no list")?.clone())
    }

    /// Returns the address of a project for an account, by http.
    pub(crate) fn address(&self, user: &str, password: &str, project: &str) -> String {
        format!(
            "http://{user}:{password}@127.0.0.1:{}/a/{project}",
            self.http
        )
    }

    pub(crate) fn ssh_address(&self, user: &str, project: &str) -> String {
        format!("ssh://{user}@127.0.0.1:{}/{project}", self.ssh)
    }

    /// Returns the address of the REST API, for anyone.
    pub(crate) fn api(&self) -> String {
        format!("http://127.0.0.1:{}", self.http)
    }

    /// Returns the hook that the server offers.
    pub(crate) fn hook(&self) -> Result<Vec<u8>, Failed> {
        let address = format!("http://127.0.0.1:{}/tools/hooks/commit-msg", self.http);
        let output = Command::new("curl")
            .args(["-sSf", "--noproxy", "*", &address])
            .output()?;
        assert!(output.status.success(), "{output:?}");
        Ok(output.stdout)
    }
}

fn free_port() -> Result<u16, Failed> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Returns the folder of Gerrit's jars; fetches them first if the list has changed.
fn jars() -> Result<PathBuf, Failed> {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gerrit-jars");
    let wanted = include_str!("pom.xml");
    let stamp = dir.join("pom.xml");
    if fs::read_to_string(&stamp).ok().as_deref() == Some(wanted) {
        return Ok(dir);
    }
    if dir.exists() {
        fs::remove_dir_all(&dir)?;
    }
    let java = Command::new("java").arg("-version").output();
    if !java.is_ok_and(|output| output.status.success()) {
        return Err(NEEDED.into());
    }
    let mut maven = Command::new("mvn");
    maven
        .args(["-q", "-B", "-f"])
        .arg(manifest("tests/gerrit/pom.xml"));
    maven.arg("dependency:copy-dependencies");
    maven.arg(format!("-DoutputDirectory={}", dir.display()));
    let output = maven
        .limit(DOWNLOAD)
        .output()
        .map_err(|e| format!("{NEEDED}: mvn: {e}"))?;
    if !output.status.success() {
        return Err(format!("mvn: {}", String::from_utf8_lossy(&output.stdout)).into());
    }
    fs::write(&stamp, wanted)?;
    Ok(dir)
}
