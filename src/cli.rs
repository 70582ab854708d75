//! The command line's types.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// The arguments of `composelint`.
#[derive(Debug, Parser)]
#[command(
    name = "composelint",
    version,
    about = "A linter and policy checker for Docker Compose files and the Dockerfiles behind them",
    after_help = "Exit codes: 0 no finding at or above --fail-on; 1 some; 2 the job could not be done whole.",
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true
)]
pub struct Cli {
    /// What to do; `check` if nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The arguments of `check`.
    #[command(flatten)]
    pub check: CheckArgs,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Lint Compose files and Dockerfiles (the default)
    Check(Box<CheckArgs>),
    /// Print the project as the engine resolves it: merged, variables put in, short forms written out
    Config(ConfigArgs),
    /// Test policies, or print what they are given
    Policy(PolicyArgs),
    /// Write a configuration that fits the current directory
    Init,
    /// Print the page of a rule, or what is known of an image
    Explain(ExplainArgs),
    /// List the rules
    Rules(RulesArgs),
    /// Print a JSON Schema, for editors and other programs
    Schema(SchemaArgs),
    /// Print what completes arguments in a shell
    #[command(hide = true)]
    Completions(CompletionsArgs),
    /// Write the manual pages to a directory
    #[command(hide = true)]
    Man(ManArgs),
}

/// The arguments of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// The arguments of `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// The directory, which is there
    #[arg(value_name = "DIRECTORY")]
    pub directory: PathBuf,
}

/// The arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Files and directories to lint; directories are searched, `-` is standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Judge these Compose files as `docker compose -f` would read them; repeat for overrides
    #[arg(short, long = "file", value_name = "FILE", conflicts_with = "paths", allow_hyphen_values = true)]
    pub files: Vec<PathBuf>,
    /// Judge only the services that this profile switches on; repeat for several, `*` for all
    #[arg(long = "profile", value_name = "NAME")]
    pub profiles: Vec<String>,
    /// Take variables from this file in place of `.env`; repeat for several, later ones win
    #[arg(long = "env-file", value_name = "FILE")]
    pub env_files: Vec<PathBuf>,
    /// The set of rules to run [default: recommended, or none with --select]
    #[arg(long, value_enum, value_name = "PRESET")]
    pub preset: Option<PresetArg>,
    /// Run these rules: names, categories or `all`; with --preset, besides the preset
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Do not run these rules; the closer word of --select and --ignore wins
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// Read this configuration file for all files, and no other
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(long)]
    pub no_config: bool,
    /// Print what holds for this file, and where each setting is from
    #[arg(long, value_name = "FILE")]
    pub show_config: Option<PathBuf>,
    /// Judge by the policies in this directory too, besides those of the configuration; repeat for several
    #[arg(long = "policy", value_name = "DIRECTORY")]
    pub policies: Vec<PathBuf>,
    /// Also search what git ignores
    #[arg(long)]
    pub no_ignore: bool,
    /// Print what comments silence too
    #[arg(long)]
    pub ignore_suppressions: bool,
    /// Write a comment above everything that is found, so that it is silenced
    #[arg(long, conflicts_with_all = ["fix", "diff"])]
    pub add_ignore: bool,
    /// With --add-ignore, why: written behind each comment
    #[arg(long, value_name = "TEXT", requires = "add_ignore")]
    pub reason: Option<String>,
    /// The least severity that makes the exit code 1 [default: warning]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Option<SeverityArg>,
    /// How to print the findings
    #[arg(long, value_enum, default_value = "text")]
    pub format: FormatArg,
    /// Write the findings to this file; with a format, besides what is printed; repeat for several
    #[arg(short, long, value_name = "[FORMAT=]FILE", value_parser = OutputArg::parse)]
    pub output: Vec<OutputArg>,
    /// Report only what this file of known findings does not have
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write the findings that are there now to --baseline, or to .composelint-baseline.json
    #[arg(long)]
    pub write_baseline: bool,
    /// Run again whenever a file changes that has a part in it, until Ctrl-C
    #[arg(
        short,
        long,
        conflicts_with_all = ["fix", "fix_only", "add_ignore", "write_baseline", "output", "show_config"]
    )]
    pub watch: bool,
    /// Print how often each rule fires in place of the findings
    #[arg(long)]
    pub statistics: bool,
    /// When to colour the output
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN")]
    pub color: ColorArg,
    /// Print no infos, and no summary without findings
    #[arg(short, long)]
    pub quiet: bool,
    /// The name that standard input would have as a file; its directory gives it `.env`, overrides and
    /// Dockerfiles [default: compose.yaml]
    #[arg(long, value_name = "FILE")]
    pub stdin_filename: Option<PathBuf>,
    /// End with exit code 0 whatever is found
    #[arg(long)]
    pub exit_zero: bool,
    /// Apply the safe fixes; those of standard input go to standard output, the report to standard error
    #[arg(long)]
    pub fix: bool,
    /// Apply the fixes of these rules and no others: names, categories or `all`; implies --fix unless
    /// --diff is there
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub fix_only: Vec<String>,
    /// End with exit code 1 if --fix changed a file, as hooks need it
    #[arg(long)]
    pub exit_non_zero_on_fix: bool,
    /// With --fix or --diff, also apply the fixes that change what Compose resolves
    #[arg(long)]
    pub unsafe_fixes: bool,
    /// Print what --fix would change as a unified diff, and change nothing
    #[arg(long)]
    pub diff: bool,
}

/// The arguments of `config`.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 printed; 1 the project is invalid; 2 a file cannot be read.")]
pub struct ConfigArgs {
    /// The directory of the project; its files are found as `docker compose` finds them
    #[arg(value_name = "DIRECTORY", default_value = ".")]
    pub directory: PathBuf,
    /// Read these Compose files, as `docker compose -f` would; repeat for overrides
    #[arg(short, long = "file", value_name = "FILE", conflicts_with = "directory")]
    pub files: Vec<PathBuf>,
    /// Print the services of this profile too; repeat for several, `*` for all
    #[arg(long = "profile", value_name = "NAME")]
    pub profiles: Vec<String>,
    /// Read the variables from this file, not from `.env`; repeat for several
    #[arg(long = "env-file", value_name = "FILE")]
    pub env_files: Vec<PathBuf>,
    /// How to print it; JSON is for machines and masks nothing
    #[arg(long, value_enum, default_value = "yaml")]
    pub format: ConfigFormatArg,
    /// Say behind each value which line of which file it is from (YAML only)
    #[arg(long)]
    pub origin: bool,
    /// Print passwords, tokens and keys as they are; without, YAML masks them
    #[arg(long)]
    pub show_secrets: bool,
}

/// The arguments of `policy`.
#[derive(Debug, Args)]
pub struct PolicyArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: PolicyCommand,
}

/// What to do with policies.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Run the rules of policies whose names start with `test_`
    Test(PolicyTestArgs),
    /// Print what policies are given, as JSON; nothing in it is masked
    Input(PolicyInputArgs),
}

/// The arguments of `policy test`.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 all tests pass; 1 one fails; 2 a policy cannot be run.")]
pub struct PolicyTestArgs {
    /// Directories with policies and their tests
    #[arg(value_name = "DIRECTORY", required = true)]
    pub directories: Vec<PathBuf>,
    /// Print only what fails, and the count
    #[arg(short, long)]
    pub quiet: bool,
}

/// The arguments of `policy input`.
#[derive(Debug, Args)]
pub struct PolicyInputArgs {
    /// Files and directories, as `check` takes them; several inputs are printed one behind another
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Read these Compose files as one project; repeat for overrides
    #[arg(short, long = "file", value_name = "FILE", conflicts_with = "paths")]
    pub files: Vec<PathBuf>,
    /// The package of the policies that are given it
    #[arg(long, value_enum, default_value = "composelint")]
    pub package: PackageArg,
}

/// A package of policies.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub enum PackageArg {
    /// The resolved project with what is built and deployed
    Composelint,
    /// The project as it is written, merged; Dockerfiles as lists of commands
    Main,
}

/// The arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A rule, or `image:NAME[:TAG]`
    #[arg(value_name = "RULE")]
    pub rule: String,
}

/// The arguments of `rules`.
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// How to print the list
    #[arg(long, value_enum, default_value = "text")]
    pub format: ListFormatArg,
}

/// The arguments of `schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// What the schema is of
    #[arg(value_enum, value_name = "WHAT")]
    pub what: SchemaArg,
}

/// What a schema is of.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaArg {
    /// Compose files
    Compose,
    /// The configuration
    Config,
    /// What `check --format json` prints
    Report,
}

/// A set of rules.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub enum PresetArg {
    /// What is broken, refused or leaked
    Essential,
    /// The default
    Recommended,
    /// Hardening too
    Strict,
}

/// A severity.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub enum SeverityArg {
    /// Every finding
    Info,
    /// Warnings and errors
    Warning,
    /// Errors
    Error,
}

/// A form of output.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    /// Excerpts with explanations
    Text,
    /// A line a finding
    Concise,
    /// One JSON object
    Json,
    /// A JSON object a line
    Jsonl,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// A code quality report for GitLab
    Gitlab,
    /// A JUnit report
    Junit,
    /// A checkstyle report
    Checkstyle,
    /// The Reviewdog Diagnostic Format
    Rdjson,
    /// A summary for a pull request
    Markdown,
}

/// A file that a report is written to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutputArg {
    /// The format; `None` for that of `--format`, in place of the standard output.
    pub format: Option<FormatArg>,
    /// The file; `-` is the standard output.
    pub path: PathBuf,
}

impl OutputArg {
    /// The file that `FILE` or `FORMAT=FILE` says.
    ///
    /// # Errors
    /// If the file's name is empty.
    pub fn parse(text: &str) -> Result<Self, String> {
        let format = text
            .split_once('=')
            .and_then(|(format, path)| Some((<FormatArg as ValueEnum>::from_str(format, false).ok()?, path)));
        let (format, path) = match format {
            Some((format, path)) => (Some(format), path),
            None => (None, text),
        };
        if path.is_empty() {
            return Err("the name of the file is empty".to_owned());
        }
        Ok(Self { format, path: PathBuf::from(path) })
    }
}

/// A form of the resolved project.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub enum ConfigFormatArg {
    /// YAML
    Yaml,
    /// One JSON object, with its secrets
    Json,
}

/// A form of a list.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormatArg {
    /// A line a rule
    Text,
    /// A JSON array
    Json,
}

/// When to colour.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
