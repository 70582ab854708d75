//! The `composelint` command: arguments in, exit code out.

use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{CommandFactory, Parser};

use composelint::baseline::{self, Baseline};
use composelint::catalogue;
use composelint::cli::{
    CheckArgs, Cli, ColorArg, Command, CompletionsArgs, ConfigArgs, ConfigFormatArg, ExplainArgs, FormatArg,
    ListFormatArg, ManArgs, PackageArg, PolicyArgs, PolicyCommand, PolicyInputArgs, PolicyTestArgs,
    PresetArg, RulesArgs, SchemaArg, SchemaArgs, SeverityArg,
};
use composelint::compose::file::{MAX_FILE_SIZE, Workspace};
use composelint::compose::image::ImageReference;
use composelint::compose::project::{Deployment, normal};
use composelint::compose::service::known;
use composelint::config;
use composelint::configuration::show::show;
use composelint::configuration::{Configuration, Configurations, FILE_NAMES, Found, init};
use composelint::diagnostic::{Applicability, Severity};
use composelint::discover::{Found as Discovered, discover};
use composelint::fs::{Disk, FileSystem, Kind, Overlay, ReadError, write_report};
use composelint::images;
use composelint::lint::{self, Request, Selection, Selector};
use composelint::mend::{self, Plan, Written};
use composelint::output::{self, Format};
use composelint::policy::{self, suite};
use composelint::progress::{Progress, Work};
use composelint::report::Report;
use composelint::rule::{Preset, Rule};
use composelint::rules::RULES;
use composelint::schema;
use composelint::source::SourceMap;
use composelint::suppress::insert;
use composelint::watch::Recorder;

/// What a run ends with, besides what clap says of the arguments.
enum Outcome {
    Clean,
    Findings,
    Incomplete,
}

/// Says where a panic is and not what it says, which may quote a file. `RUST_BACKTRACE` asks for all.
fn tell_panics_by_their_place() {
    if std::env::var_os("RUST_BACKTRACE").is_some() {
        return;
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        if !lint::note_panic(&place) {
            drop(writeln!(io::stderr(), "error: internal error at {place}; `RUST_BACKTRACE=1` tells more"));
        }
    }));
}

fn main() -> ExitCode {
    tell_panics_by_their_place();
    let cli = Cli::parse();
    let outcome = match &cli.command {
        Some(Command::Config(arguments)) => resolve(arguments),
        Some(Command::Policy(arguments)) => policies(arguments),
        Some(Command::Init) => init(),
        Some(Command::Explain(arguments)) => explain(arguments),
        Some(Command::Rules(arguments)) => list(arguments),
        Some(Command::Completions(arguments)) => completions(arguments),
        Some(Command::Man(arguments)) => manual(arguments),
        Some(Command::Schema(arguments)) => print_schema(arguments),
        Some(Command::Check(arguments)) => check(arguments),
        None => check(&cli.check),
    };
    match outcome {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Ok(Outcome::Incomplete) => ExitCode::from(2),
        // Whoever closed the pipe has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            drop(writeln!(io::stderr(), "error: cannot write the output: {error}"));
            ExitCode::from(2)
        }
    }
}

/// Says what is wrong with the arguments.
fn refuse(message: &str) -> io::Result<Outcome> {
    writeln!(io::stderr(), "error: {message}")?;
    Ok(Outcome::Incomplete)
}

/// The known word nearest to one that is not known, as an addition to a message.
fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    composelint::nearest::nearest(word, known)
        .map_or(String::new(), |name| format!("; `{name}` is the nearest"))
}

fn rule_words() -> impl Iterator<Item = &'static str> {
    RULES.iter().flat_map(|(category, rule)| [rule.name, *category]).chain(["all"])
}

fn selectors(words: &[String]) -> Result<Vec<Selector>, String> {
    words
        .iter()
        .map(|word| {
            Selector::parse(word).ok_or_else(|| {
                let nearest = nearest(word, rule_words());
                format!("`{word}` is no rule or category{nearest}; `composelint rules` lists them")
            })
        })
        .collect()
}

fn selection(arguments: &CheckArgs) -> Result<Selection, String> {
    let preset = match arguments.preset {
        Some(PresetArg::Essential) => Some(Preset::Essential),
        Some(PresetArg::Recommended) => Some(Preset::Recommended),
        Some(PresetArg::Strict) => Some(Preset::Strict),
        None if arguments.select.is_empty() => Some(Preset::Recommended),
        None => None,
    };
    Ok(Selection { preset, select: selectors(&arguments.select)?, ignore: selectors(&arguments.ignore)? })
}

fn severity(argument: SeverityArg) -> Severity {
    match argument {
        SeverityArg::Info => Severity::Info,
        SeverityArg::Warning => Severity::Warning,
        SeverityArg::Error => Severity::Error,
    }
}

/// What the arguments of `check` say by themselves, before a file is looked at.
struct Asked {
    selection: Selection,
    /// The rules of `--fix-only`.
    only: Vec<Selector>,
    /// The current directory.
    root: PathBuf,
    /// Standard input, with the path that it would have.
    piped: Option<(PathBuf, Vec<u8>)>,
}

impl Asked {
    fn of(arguments: &CheckArgs) -> Result<Self, String> {
        let selection = selection(arguments)?;
        let only = selectors(&arguments.fix_only)?;
        if arguments.unsafe_fixes && !(fixes(arguments) || arguments.diff) {
            return Err("`--unsafe-fixes` goes with `--fix` or `--diff`".into());
        }
        if arguments.add_ignore && arguments.ignore_suppressions {
            return Err(
                "`--add-ignore` writes only what is missing, so `--ignore-suppressions` does not go with it"
                    .into(),
            );
        }
        let root =
            std::env::current_dir().map_err(|error| format!("cannot tell the current directory: {error}"))?;
        if arguments.watch && arguments.paths.iter().any(|path| path.as_os_str() == "-") {
            return Err("`--watch` looks at files again and again, and standard input is none".into());
        }
        let piped = piped(arguments)?;
        if piped.is_some() && arguments.add_ignore {
            return Err("`--add-ignore` writes to files, and standard input is none".into());
        }
        Ok(Self { selection, only, root, piped })
    }
}

/// Whether files are fixed.
fn fixes(arguments: &CheckArgs) -> bool {
    arguments.fix || !arguments.fix_only.is_empty()
}

fn check(arguments: &CheckArgs) -> io::Result<Outcome> {
    let asked = match Asked::of(arguments) {
        Ok(asked) => asked,
        Err(message) => return refuse(&message),
    };
    if arguments.watch { watch(arguments, &asked) } else { run(arguments, &asked, &Disk) }
}

/// Runs, and again whenever a file changes that has a part in it, until the process is stopped.
fn watch(arguments: &CheckArgs, asked: &Asked) -> io::Result<Outcome> {
    let clears = io::stdout().is_terminal() && has_cursor();
    loop {
        let recorder = Recorder::new();
        if clears {
            // The lines that scrolled out stay, as they are the user's.
            io::stdout().write_all(b"\x1b[2J\x1b[H")?;
        }
        run(arguments, asked, &recorder)?;
        let files = recorder.files();
        let plural = if files == 1 { "" } else { "s" };
        writeln!(io::stderr(), "watching {files} file{plural}; Ctrl-C ends")?;
        recorder.wait();
    }
}

fn run(arguments: &CheckArgs, given: &Asked, disk: &dyn FileSystem) -> io::Result<Outcome> {
    let Asked { selection, only, root, piped } = given;
    let fixes = fixes(arguments);
    let progress = terminal(arguments).map(Progress::on).unwrap_or_default();
    let overlay = Overlay::new(disk).telling(progress.clone());
    if let Some((path, bytes)) = piped {
        overlay.insert(path, bytes.clone());
    }
    let fs: &dyn FileSystem = &overlay;
    let asked = match piped {
        Some((path, _)) => vec![path.clone()],
        None if arguments.files.is_empty() => arguments.paths.clone(),
        None => arguments.files.clone(),
    };
    let workspace = Workspace::new(fs);
    let mut request = Request {
        selection: selection.clone(),
        parallel: true,
        ignore_suppressions: arguments.ignore_suppressions,
        is_preset_open: arguments.preset.is_none() && arguments.select.is_empty(),
        progress: progress.clone(),
        policies: arguments.policies.iter().map(|path| normal(path)).collect(),
        root: root.clone(),
        ..Request::default()
    };
    if let Some(file) = &arguments.show_config {
        return show_configuration(disk, root, file, arguments, &request);
    }
    let mut discovered = Discovered::default();
    if arguments.files.is_empty() {
        let search = || discover(fs, &workspace, &asked, !arguments.no_ignore);
        discovered = progress.during(Work::Searching, search);
    } else {
        let files = arguments.files.iter().map(|file| normal(file)).collect();
        discovered.deployments = vec![Deployment { files, is_production: true, ..Deployment::default() }];
    }
    let files = discovered.deployments.iter().flat_map(|it| &it.files).chain(&discovered.dockerfiles);
    let found = configurations(disk, root, arguments, files.map(PathBuf::as_path));
    if !found.problems.is_empty() || !found.failures.is_empty() {
        return explain_configuration(found, root.clone());
    }
    request.configurations = found.configurations;
    if arguments.files.is_empty() {
        request.configurations.apply(&mut discovered, &asked);
    }
    let first = arguments.files.first().or(asked.first()).map_or(root.as_path(), PathBuf::as_path);
    let configuration = request.configurations.of(first);
    let configured = configuration.and_then(|it| it.fail_on).map(|(severity, _)| severity);
    let fail_on = arguments.fail_on.map(severity).or(configured).unwrap_or(Severity::Warning);
    let known = match Known::read(arguments, configuration.map(Arc::as_ref), root, disk) {
        Ok(known) => known,
        Err(message) => return refuse(&message),
    };
    request.deployments = discovered.deployments;
    request.dockerfiles = discovered.dockerfiles;
    request.shown = discovered.shown;
    request.failures = discovered.failures;
    for deployment in &mut request.deployments {
        if !arguments.profiles.is_empty() {
            deployment.profiles.clone_from(&arguments.profiles);
        }
        if !arguments.env_files.is_empty() {
            deployment.env_files.clone_from(&arguments.env_files);
        }
    }
    let work = Work::Judging { total: request.deployments.len() };
    let mut report = progress.during(work, || lint::check_in(workspace, &request));
    let mut changed = false;
    if arguments.add_ignore {
        let reason = match reason(arguments.reason.as_deref()) {
            Ok(reason) => reason,
            Err(message) => return refuse(&message),
        };
        let silence = |report: &mut Report| {
            if let Some(known) = &known {
                known.apply(report, &baseline::Open::default());
            }
        };
        silence(&mut report);
        let plan = progress
            .during(Work::Changing, || insert::plan(fs, &request, &report, reason.as_deref(), &silence));
        let failures = plan.write(fs);
        if !plan.changes.is_empty() && failures.is_empty() {
            let plural = |count: usize| if count == 1 { "" } else { "s" };
            let (findings, files) = (plan.silenced, plan.changes.len());
            writeln!(
                io::stderr(),
                "silenced {findings} finding{} in {files} file{}",
                plural(findings),
                plural(files)
            )?;
        }
        report = lint::check(fs, &request);
        report.failures.extend(failures);
    }
    if fixes || arguments.diff {
        let applicability = if arguments.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
        let options = mend::Options { applicability, only: only.clone(), asked };
        let plan = progress.during(Work::Changing, || mend::plan(fs, &request, &report, &options));
        if arguments.diff {
            return show_diff(arguments, &plan, &report);
        }
        let written = match piped {
            Some((_, bytes)) => pass_on(&overlay, bytes, &plan)?,
            None => plan.write(fs),
        };
        changed = !written.fixed.is_empty();
        if changed {
            report = lint::check(fs, &request);
        }
        report.failures.extend(written.failures);
        report.fixed = written.fixed;
        report.refused = plan.refused;
    }
    if let Some(known) = known
        && let Err(message) = compare(arguments, &known, &mut report, &request, disk)?
    {
        return refuse(&message);
    }
    if report.checked_files == 0 && report.failures.is_empty() && !arguments.quiet {
        let paths: Vec<String> = arguments.paths.iter().map(|path| format!("`{}`", path.display())).collect();
        let hint = if arguments.no_ignore { "" } else { " that git does not ignore" };
        writeln!(
            io::stderr(),
            "warning: there is no Compose file or Dockerfile{hint} in {}",
            paths.join(", ")
        )?;
    }
    // A program wants its document even of nothing.
    let for_people = matches!(arguments.format, FormatArg::Text | FormatArg::Concise);
    let mut is_whole = report.failures.is_empty();
    if report.checked_files > 0 || !is_whole || !for_people || !arguments.output.is_empty() {
        // Standard output has the fixed text.
        is_whole &= print(arguments, fail_on, &report, piped.is_some() && fixes)?;
    }
    let found = report.diagnostics.iter().any(|it| !it.is_suppressed() && it.severity >= fail_on);
    Ok(if !is_whole {
        Outcome::Incomplete
    } else if !arguments.exit_zero && found || changed && arguments.exit_non_zero_on_fix {
        Outcome::Findings
    } else {
        Outcome::Clean
    })
}

/// The baseline of a run.
struct Known {
    /// Its file.
    file: PathBuf,
    /// The file as it is shown.
    shown: String,
    /// The current directory.
    root: PathBuf,
    /// The day of the run.
    today: String,
    /// What the file says; `None` if there is none yet.
    baseline: Option<Baseline>,
}

impl Known {
    /// The baseline that the arguments or else the configuration ask for; `None` if neither does.
    fn read(
        arguments: &CheckArgs,
        configuration: Option<&Configuration>,
        root: &Path,
        disk: &dyn FileSystem,
    ) -> Result<Option<Self>, String> {
        let configured = configuration.and_then(|it| it.baseline.as_ref()).map(|(path, _)| path.as_path());
        let configured = configured.filter(|_| !arguments.ignore_suppressions || arguments.write_baseline);
        let named = arguments.baseline.as_deref().or(configured);
        if named.is_none() && !arguments.write_baseline {
            return Ok(None);
        }
        let file = baseline::file(named);
        let shown = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let today = baseline::day(now.map_or(0, |now| now.as_secs()));
        let baseline = match disk.read(&file, MAX_BASELINE) {
            Ok(bytes) => match Baseline::parse(&String::from_utf8_lossy(&bytes)) {
                Ok(baseline) => Some(baseline),
                Err(why) => return Err(format!("`{shown}` is no baseline: {why}")),
            },
            Err(ReadError::NotFound) if arguments.write_baseline => None,
            Err(error) => {
                return Err(format!("cannot read `{shown}`: {error}; `--write-baseline` writes one"));
            }
        };
        Ok(Some(Self { file, shown, root: root.to_owned(), today, baseline }))
    }

    fn place(&self) -> baseline::Place<'_> {
        baseline::Place { current: &self.root, file: &self.file }
    }

    /// The entries of which the run cannot tell whether they are fixed.
    fn open(&self, report: &Report, request: &Request, disk: &dyn FileSystem) -> baseline::Open {
        let is_there = |path: &Path| disk.kind(path).is_some();
        let open = |it: &Baseline| it.open(report, request, self.place(), &is_there);
        self.baseline.as_ref().map(open).unwrap_or_default()
    }

    /// Silences what is known.
    fn apply(&self, report: &mut Report, open: &baseline::Open) -> baseline::Applied {
        let baseline = self.baseline.as_ref();
        baseline.map_or_else(Default::default, |it| it.apply(report, self.place(), &self.today, open))
    }
}

/// Writes the baseline, or takes what it has out of the report; why it cannot be done.
fn compare(
    arguments: &CheckArgs,
    known: &Known,
    report: &mut Report,
    request: &Request,
    disk: &dyn FileSystem,
) -> io::Result<Result<(), String>> {
    let shown = &known.shown;
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let open = known.open(report, request, disk);
    let applied = if arguments.write_baseline {
        let new = Baseline::of(report, known.place(), known.baseline.as_ref(), &known.today, &open);
        if let Err(error) = write_report(&known.file, new.text().as_bytes()) {
            return Ok(Err(format!("cannot write `{shown}`: {error}")));
        }
        writeln!(io::stderr(), "wrote {} finding{} to `{shown}`", new.len(), plural(new.len()))?;
        new.apply(report, known.place(), &known.today, &open)
    } else {
        known.apply(report, &open)
    };
    if applied.fixed > 0 && !arguments.quiet {
        let count = applied.fixed;
        writeln!(
            io::stderr(),
            "{count} finding{} of `{shown}` {} fixed; `--write-baseline` takes {} out",
            plural(count),
            if count == 1 { "is" } else { "are" },
            if count == 1 { "it" } else { "them" }
        )?;
    }
    if applied.expired > 0 {
        let count = applied.expired;
        writeln!(io::stderr(), "warning: the time of {count} finding{} of `{shown}` is over", plural(count))?;
    }
    Ok(Ok(()))
}

/// The size of the largest baseline that is read, in bytes.
const MAX_BASELINE: u64 = 64 << 20;

/// The reason of `--reason` as one line.
fn reason(given: Option<&str>) -> Result<Option<String>, String> {
    let Some(given) = given else { return Ok(None) };
    let words: Vec<&str> = given.split_whitespace().collect();
    let reason = words.join(" ");
    if reason.is_empty() {
        return Err("`--reason` is empty; say why the findings stay".to_owned());
    }
    if reason.chars().any(char::is_control) {
        return Err("`--reason` holds characters that a comment cannot have".to_owned());
    }
    Ok(Some(reason))
}

/// What standard input says, and the path that it would have; `None` if it is not asked for.
fn piped(arguments: &CheckArgs) -> Result<Option<(PathBuf, Vec<u8>)>, String> {
    let is_dash = |path: &PathBuf| path.as_os_str() == "-";
    if !arguments.paths.iter().any(is_dash) {
        if arguments.stdin_filename.is_some() {
            return Err("`--stdin-filename` goes with the path `-`".into());
        }
        return Ok(None);
    }
    if arguments.paths.len() > 1 {
        return Err("`-` is standard input and goes with no other path".into());
    }
    let name = arguments.stdin_filename.as_deref().unwrap_or(Path::new("compose.yaml"));
    if Disk.kind(name).is_some_and(|kind| kind != Kind::File) {
        return Err(format!("`--stdin-filename` is a file, and `{}` is none", name.display()));
    }
    let mut bytes = Vec::new();
    let limit = MAX_FILE_SIZE + 1;
    match io::stdin().lock().take(limit).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() as u64 == limit => {
            Err(format!("standard input has more than the {MAX_FILE_SIZE} bytes that are read"))
        }
        Ok(_) => Ok(Some((normal(name), bytes))),
        Err(error) => Err(format!("cannot read standard input: {error}")),
    }
}

/// Writes the text of standard input to standard output, with what the plan changes in it.
fn pass_on(overlay: &Overlay<'_>, bytes: &[u8], plan: &Plan) -> io::Result<Written> {
    let mut out = io::stdout().lock();
    let mut written = Written { failures: plan.failures.clone(), ..Written::default() };
    match plan.changes.first() {
        Some(change) => {
            out.write_all(change.text.as_bytes())?;
            overlay.insert(&change.path, change.text.as_bytes());
            written.fixed = change.fixed();
        }
        None => out.write_all(bytes)?,
    }
    out.flush()?;
    Ok(written)
}

/// Prints what a plan changes as a unified diff, and to standard error what it leaves.
fn show_diff(arguments: &CheckArgs, plan: &Plan, report: &Report) -> io::Result<Outcome> {
    let mut out = io::stdout().lock();
    for change in &plan.changes {
        out.write_all(change.diff(report).as_bytes())?;
    }
    out.flush()?;
    let left = Report { refused: plan.refused.clone(), ..Report::default() };
    output::write_fixes(&left, &options(arguments, Severity::Warning, false), &mut io::stderr())?;
    write_failures(&plan.failures)?;
    Ok(if !plan.failures.is_empty() {
        Outcome::Incomplete
    } else if plan.changes.is_empty() || arguments.exit_zero {
        Outcome::Clean
    } else {
        Outcome::Findings
    })
}

/// The configurations that the arguments ask for.
fn configurations<'p>(
    disk: &dyn FileSystem,
    root: &Path,
    arguments: &CheckArgs,
    files: impl Iterator<Item = &'p Path>,
) -> Found {
    match &arguments.config {
        _ if arguments.no_config => Found::default(),
        Some(path) => Configurations::only(disk, root, path),
        None => Configurations::find(disk, root, files),
    }
}

/// Says what is wrong with the configuration.
fn explain_configuration(found: Found, root: PathBuf) -> io::Result<Outcome> {
    let mut out = io::stderr().lock();
    for failure in &found.failures {
        writeln!(out, "error: {failure}")?;
    }
    let report = found.into_report();
    if !report.diagnostics.is_empty() {
        let options = output::Options {
            color: false,
            unicode: true,
            width: 100,
            quiet: true,
            root: Some(root),
            fail_on: Severity::Error,
            category: |_| "configuration",
        };
        output::render(&report, Format::Text, &options, &mut out)?;
    }
    Ok(Outcome::Incomplete)
}

/// Prints what holds for a file.
fn show_configuration(
    disk: &dyn FileSystem,
    root: &Path,
    file: &Path,
    arguments: &CheckArgs,
    request: &Request,
) -> io::Result<Outcome> {
    let found = configurations(disk, root, arguments, [file].into_iter());
    if !found.problems.is_empty() || !found.failures.is_empty() {
        return explain_configuration(found, root.to_owned());
    }
    let text = show(&found.configurations, &found.sources, file, &request.selection, request.is_preset_open);
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(Outcome::Clean)
}

/// Writes a configuration.
fn init() -> io::Result<Outcome> {
    let disk = Disk;
    for name in FILE_NAMES {
        if disk.kind(Path::new(name)).is_some() {
            return refuse(&format!("`{name}` is there already; edit it, or remove it first"));
        }
    }
    let found = discover(&disk, &Workspace::new(&disk), &[PathBuf::from(".")], true);
    let name = FILE_NAMES[0];
    if let Err(error) = disk.create(Path::new(name), init::text(&found.deployments).as_bytes()) {
        return refuse(&format!("cannot write `{name}`: {error}"));
    }
    writeln!(io::stderr(), "wrote `{name}`")?;
    Ok(Outcome::Clean)
}

fn write_failures(failures: &[composelint::report::Failure]) -> io::Result<()> {
    for failure in failures {
        writeln!(io::stderr(), "error: {}", failure.message)?;
    }
    Ok(())
}

/// The format that an argument stands for.
fn format(argument: FormatArg) -> Format {
    match argument {
        FormatArg::Text => Format::Text,
        FormatArg::Concise => Format::Concise,
        FormatArg::Json => Format::Json,
        FormatArg::Jsonl => Format::JsonLines,
        FormatArg::Sarif => Format::Sarif,
        FormatArg::Github => Format::Github,
        FormatArg::Gitlab => Format::Gitlab,
        FormatArg::Junit => Format::Junit,
        FormatArg::Checkstyle => Format::Checkstyle,
        FormatArg::Rdjson => Format::Rdjson,
        FormatArg::Markdown => Format::Markdown,
    }
}

/// Writes the report to the standard output, or with `to_stderr` to the standard error, and to the files
/// that were asked for. Whether all of them could be written.
fn print(arguments: &CheckArgs, fail_on: Severity, report: &Report, to_stderr: bool) -> io::Result<bool> {
    let terminal = if to_stderr { io::stderr().is_terminal() } else { io::stdout().is_terminal() };
    let options = options(arguments, fail_on, terminal);
    let render = |argument: FormatArg, options: &output::Options, out: &mut dyn Write| {
        let format = format(argument);
        match arguments.statistics {
            true => output::render_statistics(report, format, options, out),
            false => output::render(report, format, options, out),
        }
    };
    let render_to_stream = |argument: FormatArg| {
        let stream: Box<dyn Write> = if to_stderr { Box::new(io::stderr()) } else { Box::new(io::stdout()) };
        let mut out = io::BufWriter::new(stream);
        render(argument, &options, &mut out)?;
        out.flush()
    };
    let mut is_whole = true;
    let mut is_printed = false;
    for output in &arguments.output {
        let format = output.format.unwrap_or(arguments.format);
        if output.path.as_os_str() == "-" {
            is_printed = true;
            render_to_stream(format)?;
            continue;
        }
        is_printed |= output.format.is_none();
        let mut bytes = Vec::new();
        let color = arguments.color == ColorArg::Always;
        let options = output::Options { color, width: 100, ..options.clone() };
        render(format, &options, &mut bytes)?;
        if let Err(error) = write_report(&output.path, &bytes) {
            is_whole = false;
            writeln!(io::stderr(), "error: cannot write `{}`: {error}", output.path.display())?;
        }
    }
    if !is_printed {
        render_to_stream(arguments.format)?;
    }
    if is_printed || !format(arguments.format).has_failures() {
        write_failures(&report.failures)?;
    }
    Ok(is_whole)
}

/// Where a run that takes long says how far it is; `None` if nobody would see it.
fn terminal(arguments: &CheckArgs) -> Option<io::Stderr> {
    let error = io::stderr();
    (!arguments.quiet && error.is_terminal() && has_cursor()).then_some(error)
}

/// Whether a terminal, if there is one, can go back to where it wrote before.
fn has_cursor() -> bool {
    std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// How the report is written; `terminal` says whether to one.
fn options(arguments: &CheckArgs, fail_on: Severity, terminal: bool) -> output::Options {
    let color = match arguments.color {
        ColorArg::Always => true,
        ColorArg::Never => false,
        ColorArg::Auto => {
            terminal
                && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
        }
    };
    output::Options {
        color,
        unicode: true,
        width: width(terminal),
        quiet: arguments.quiet,
        root: std::env::current_dir().ok(),
        fail_on,
        category: |rule| rule.category(),
    }
}

/// The columns of the terminal, or what `COLUMNS` says in their place; 100 where there is none.
fn width(terminal: bool) -> usize {
    if !terminal {
        return 100;
    }
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let real = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    said.or_else(real).filter(|columns| *columns > 0).unwrap_or(100).clamp(40, 160)
}

fn resolve(arguments: &ConfigArgs) -> io::Result<Outcome> {
    if arguments.origin && arguments.format == ConfigFormatArg::Json {
        return refuse("`--origin` goes with `--format yaml`: JSON has no comments");
    }
    let root = match std::env::current_dir() {
        Ok(root) => root,
        Err(error) => return refuse(&format!("cannot tell the current directory: {error}")),
    };
    let absolute = |path: &PathBuf| config::absolute(&root, path);
    let request = config::Request {
        files: arguments.files.iter().map(absolute).collect(),
        directory: absolute(&arguments.directory),
        profiles: arguments.profiles.clone(),
        env_files: arguments.env_files.iter().map(absolute).collect(),
        home: std::env::var("HOME").ok().filter(|home| !home.is_empty()),
    };
    let resolved = match config::resolved(Workspace::new(&Disk), &request) {
        Ok(resolved) => resolved,
        Err(message) => return refuse(&message),
    };
    if !resolved.is_valid() {
        return explain_refusal(&resolved, root);
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    match arguments.format {
        ConfigFormatArg::Yaml => {
            let print = config::Print {
                origin: arguments.origin,
                show_secrets: arguments.show_secrets,
                root: Some(root),
            };
            out.write_all(config::yaml(&resolved, &print).as_bytes())?;
        }
        ConfigFormatArg::Json => {
            serde_json::to_writer_pretty(&mut out, &resolved.model)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(Outcome::Clean)
}

/// Says why a project cannot be resolved.
fn explain_refusal(resolved: &config::Resolved, root: PathBuf) -> io::Result<Outcome> {
    let mut out = io::stderr().lock();
    let options = output::Options {
        color: false,
        unicode: true,
        width: 100,
        quiet: true,
        root: Some(root.clone()),
        fail_on: Severity::Error,
        category: |rule| rule.category(),
    };
    output::render(&resolved.report, Format::Concise, &options, &mut out)?;
    // What the rules know is said by them, and once.
    if resolved.report.diagnostics.is_empty() {
        for error in &resolved.errors {
            match error.span {
                Some(span) => {
                    let source = resolved.report.sources.get(span.source);
                    let place = source.position(span.start);
                    let path = source.path().strip_prefix(&root).unwrap_or(source.path());
                    let (line, column) = (place.line, place.column);
                    writeln!(out, "{}:{line}:{column}: error: {}", path.display(), error.message)?;
                }
                None => writeln!(out, "error: {}", error.message)?,
            }
        }
    }
    let unread = !resolved.report.failures.is_empty();
    Ok(if unread { Outcome::Incomplete } else { Outcome::Findings })
}

/// Tests policies, or prints what they are given.
fn policies(arguments: &PolicyArgs) -> io::Result<Outcome> {
    match &arguments.command {
        PolicyCommand::Test(arguments) => test_policies(arguments),
        PolicyCommand::Input(arguments) => print_inputs(arguments),
    }
}

fn test_policies(arguments: &PolicyTestArgs) -> io::Result<Outcome> {
    let roots: Vec<PathBuf> = arguments.directories.iter().map(|path| normal(path)).collect();
    let suite = suite::test(&Disk, &roots);
    let mut out = io::BufWriter::new(io::stdout().lock());
    output::write_tests(&suite.outcomes, arguments.quiet, &mut out)?;
    out.flush()?;
    let is_whole = suite.report.failures.is_empty() && suite.report.diagnostics.is_empty();
    if !suite.report.diagnostics.is_empty() {
        let options = output::Options {
            color: false,
            unicode: true,
            width: 100,
            quiet: true,
            root: std::env::current_dir().ok(),
            fail_on: Severity::Error,
            category: |rule| rule.category(),
        };
        output::render(&suite.report, Format::Text, &options, &mut io::stderr())?;
    }
    write_failures(&suite.report.failures)?;
    let broken = suite.outcomes.iter().any(|it| matches!(it.verdict, suite::Verdict::Broken(_)));
    if is_whole && suite.outcomes.is_empty() {
        return refuse("there is no test: no rule of the policies has a name that starts with `test_`");
    }
    Ok(if !is_whole || broken {
        Outcome::Incomplete
    } else if suite.outcomes.iter().any(|it| it.verdict != suite::Verdict::Passed) {
        Outcome::Findings
    } else {
        Outcome::Clean
    })
}

fn print_inputs(arguments: &PolicyInputArgs) -> io::Result<Outcome> {
    let root = match std::env::current_dir() {
        Ok(root) => root,
        Err(error) => return refuse(&format!("cannot tell the current directory: {error}")),
    };
    let workspace = Workspace::new(&Disk);
    let mut found = Discovered::default();
    if arguments.files.is_empty() {
        found = discover(&Disk, &workspace, &arguments.paths, true);
    } else {
        let files = arguments.files.iter().map(|file| normal(file)).collect();
        found.deployments = vec![Deployment { files, is_production: true, ..Deployment::default() }];
    }
    let form = match arguments.package {
        PackageArg::Composelint => policy::Form::Resolved,
        PackageArg::Main => policy::Form::Written,
    };
    let (inputs, mut failures) = suite::inputs(&Disk, &found.deployments, &found.dockerfiles, &root, form);
    failures.extend(found.failures.into_iter().map(|failure| failure.message));
    let mut out = io::BufWriter::new(io::stdout().lock());
    for input in &inputs {
        serde_json::to_writer_pretty(&mut out, input)?;
        writeln!(out)?;
    }
    out.flush()?;
    for failure in &failures {
        writeln!(io::stderr(), "error: {failure}")?;
    }
    if inputs.is_empty() && failures.is_empty() {
        return refuse("there is nothing to judge in these paths; name a Compose file or its directory");
    }
    Ok(if failures.is_empty() { Outcome::Clean } else { Outcome::Incomplete })
}

fn find(name: &str) -> Option<(&'static str, &'static Rule)> {
    RULES.iter().find(|(_, rule)| rule.name == name).copied()
}

/// Prints what is known of an image.
fn explain_image(reference: &str) -> io::Result<Outcome> {
    let image = match ImageReference::parse(reference, &SourceMap::empty()) {
        Ok(image) => image,
        Err(error) => return refuse(&format!("`{reference}` is no image: {}", error.message)),
    };
    let name = image.familiar_name();
    let Some(known) = known(&image) else {
        let names: Vec<String> = images::names().collect();
        let same = names.iter().find(|known| known.rsplit('/').next() == Some(name));
        let nearest = match same {
            Some(same) => format!("; `{same}` is the nearest"),
            None => nearest(name, names.iter().map(String::as_str)),
        };
        return refuse(&format!("nothing is known of the image `{name}`{nearest}"));
    };
    let mut out = io::stdout().lock();
    out.write_all(images::described(name, image.tag.map(|tag| tag.value), &known).as_bytes())?;
    out.flush()?;
    Ok(Outcome::Clean)
}

fn explain(arguments: &ExplainArgs) -> io::Result<Outcome> {
    if let Some(reference) = arguments.rule.strip_prefix("image:") {
        return explain_image(reference);
    }
    if policy::name(&arguments.rule).is_some() {
        return refuse(&format!("`{}` is a policy; its own file says what it asks", arguments.rule));
    }
    let Some((_, rule)) = find(&arguments.rule) else {
        let nearest = nearest(&arguments.rule, RULES.iter().map(|(_, rule)| rule.name));
        return refuse(&format!("`{}` is no rule{nearest}; `composelint rules` lists them", arguments.rule));
    };
    let mut out = io::stdout().lock();
    out.write_all(rule.page.as_bytes())?;
    out.flush()?;
    Ok(Outcome::Clean)
}

fn completions(arguments: &CompletionsArgs) -> io::Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "composelint", &mut script);
    let mut out = io::stdout().lock();
    out.write_all(&script)?;
    out.flush()?;
    Ok(Outcome::Clean)
}

fn manual(arguments: &ManArgs) -> io::Result<Outcome> {
    let directory = &arguments.directory;
    if let Err(error) = clap_mangen::generate_to(Cli::command(), directory) {
        return refuse(&format!("cannot write the manual to `{}`: {error}", directory.display()));
    }
    Ok(Outcome::Clean)
}

fn print_schema(arguments: &SchemaArgs) -> io::Result<Outcome> {
    let text = match arguments.what {
        SchemaArg::Compose => schema::COMPOSE,
        SchemaArg::Config => schema::CONFIG,
        SchemaArg::Report => schema::REPORT,
    };
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(Outcome::Clean)
}

fn list(arguments: &RulesArgs) -> io::Result<Outcome> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    match arguments.format {
        ListFormatArg::Text => {
            let widest = RULES.iter().map(|(_, rule)| rule.name.len()).max().unwrap_or_default();
            for (category, rule) in RULES {
                writeln!(
                    out,
                    "{:widest$}  {:<12} {:<7}  {}",
                    rule.name,
                    category,
                    rule.severity.name(),
                    rule.summary
                )?;
            }
        }
        ListFormatArg::Json => {
            let rules: Vec<catalogue::Listed> = catalogue::listed().collect();
            serde_json::to_writer_pretty(&mut out, &rules)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(Outcome::Clean)
}
