//! What is read from small Dockerfiles.

use proptest::prelude::*;

use super::*;
use crate::source::SourceId;

fn whole(text: &str) -> SourceMap {
    SourceMap::verbatim(Span::new(SourceId(0), 0, text.len()))
}

fn parse(text: &str) -> Dockerfile {
    Dockerfile::parse(text, &whole(text))
}

/// The bytes at a span.
fn at(text: &str, span: Span) -> &str {
    &text[span.range()]
}

/// The first instruction below `FROM a`.
fn instruction(line: &str) -> Instruction {
    let file = parse(&format!("FROM a\n{line}"));
    assert_eq!(file.errors(), [], "{line}");
    file.instructions()[1].clone()
}

/// The errors below `FROM a`: what they are at, and their messages.
fn errors(lines: &str) -> Vec<(String, String)> {
    whole_errors(&format!("FROM a\n{lines}"))
}

fn whole_errors(text: &str) -> Vec<(String, String)> {
    let place = |error: &SyntaxError| (at(text, error.span).to_owned(), error.message.clone());
    parse(text).errors().iter().map(place).collect()
}

fn refused(lines: &str, place: &str, message: &str) {
    assert_eq!(errors(lines), [(place.to_owned(), message.to_owned())], "{lines}");
}

fn raws<'w>(words: impl IntoIterator<Item = &'w Word>) -> Vec<&'w str> {
    words.into_iter().map(|word| word.raw.as_str()).collect()
}

fn shell(instruction: &Instruction) -> &str {
    match instruction.command() {
        Some(Command::Shell(text)) => text.as_str(),
        other => panic!("no shell form: {other:?}"),
    }
}

fn exec(instruction: &Instruction) -> Vec<&str> {
    match instruction.command() {
        Some(Command::Exec(words)) => words.iter().map(|word| word.value.as_str()).collect(),
        other => panic!("no exec form: {other:?}"),
    }
}

fn known(setting: Setting<&str>) -> Option<&str> {
    setting.known().map(|value| value.value)
}

// Lines

#[test]
fn continuations_are_joined_and_what_is_between_is_dropped() {
    let text = "FROM a\nRUN a \\\n  # why\n\n  && b \\ \n && c\nUSER u\n";
    let file = parse(text);
    let run = &file.instructions()[1];
    assert_eq!(run.text.as_str(), "RUN a   && b  && c");
    assert_eq!(at(text, run.span), "RUN a \\\n  # why\n\n  && b \\ \n && c");
    assert_eq!(at(text, run.empty_continuations[0]), "\n");
    assert_eq!(file.comments()[0].inside, Some(1));
    let c = run.text.as_str().find('c').expect("the text has a c");
    assert_eq!(at(text, run.text.span(c..c + 1)), "c");
    assert_eq!(file.instructions().len(), 3);
}

#[test]
fn two_escape_characters_end_a_line() {
    assert_eq!(parse("FROM a\nRUN a \\\\\nUSER u").instructions().len(), 3);
}

#[test]
fn a_continuation_at_the_end_of_the_file_continues_nothing() {
    let run = instruction("RUN a \\");
    assert_eq!((shell(&run), run.span.len()), ("a", 7));
    refused("\\", "\\", "a line continuation continues nothing");
}

#[test]
fn line_endings_and_a_byte_order_mark_are_no_text() {
    let text = "\u{feff}FROM a\r\nRUN a \\\r\n  b\r\n";
    let file = parse(text);
    assert_eq!(file.errors(), []);
    assert_eq!(at(text, file.instructions()[0].span), "FROM a");
    assert_eq!(file.instructions()[1].text.as_str(), "RUN a   b");
}

#[test]
fn the_escape_directive_chooses_the_continuation() {
    let file = parse("# Escape = `\nFROM a\nCOPY a\\ c:\\\nRUN a `\n b");
    assert_eq!(file.errors(), []);
    assert_eq!((file.escape(), file.instructions().len()), ('`', 3));
}

#[test]
fn directives_stand_above_everything_else() {
    let file = parse("# syntax=docker/dockerfile:1\n#check=skip=all\n# other=1\n# escape=`\nFROM a");
    let names: Vec<_> = file.directives().iter().map(|directive| directive.name.value.as_str()).collect();
    assert_eq!(names, ["syntax", "check"]);
    assert_eq!(file.directive("check").map(|check| check.value.value.as_str()), Some("skip=all"));
    assert_eq!(parse("\n# escape=`\nFROM a").directives(), []);
}

#[test]
fn a_wrong_directive_is_an_error() {
    let text = "# escape=/\n# escape=`\nFROM a";
    let file = parse(text);
    assert_eq!(file.errors()[0].message, "the escape character is neither a backslash nor a backtick");
    assert_eq!(file.errors()[1].message, "directive `escape` is given twice");
    assert_eq!(file.errors()[1].label.as_ref().map(|label| at(text, label.0)), Some("# escape=/"));
}

#[test]
fn a_comment_knows_the_instruction_below_it() {
    let file = parse("# top\n\n# one\n# two\nFROM a\n  # three\nRUN a # no comment\n# end");
    let comments: Vec<_> =
        file.comments().iter().map(|comment| (comment.text.as_str(), comment.above)).collect();
    let expected = [("top", None), ("one", Some(0)), ("two", Some(0)), ("three", Some(1)), ("end", None)];
    assert_eq!(comments, expected);
}

#[test]
fn a_text_from_another_file_leads_back_to_it() {
    let yaml = "inline: |\n  FROM a\n  USER $x\n";
    let mut map = SourceMap::empty();
    map.push_verbatim(Span::new(SourceId(7), 12, 19));
    map.push_verbatim(Span::new(SourceId(7), 21, 29));
    let file = Dockerfile::parse("FROM a\nUSER $x\n", &map);
    let user = file.instructions()[1].user().expect("it has a user");
    assert_eq!((at(yaml, user.word.variables[0].span), user.word.span.source), ("$x", SourceId(7)));
    assert_eq!(Dockerfile::parse("", &SourceMap::empty()).errors().len(), 1);
}

// Instructions

#[test]
fn from_has_an_image_a_platform_and_a_name() {
    let text = "from --platform=$BUILDPLATFORM alpine:3 As Build";
    let file = parse(text);
    let from = &file.instructions()[0];
    let base = from.base().expect("it has an image");
    assert_eq!(
        (from.keyword, from.name.value.as_str(), base.image.raw.as_str()),
        (Keyword::From, "from", "alpine:3")
    );
    assert_eq!(base.as_keyword.as_ref().map(|word| word.value.as_str()), Some("As"));
    assert_eq!(base.name.as_ref().map(|name| at(text, name.span)), Some("Build"));
    let platform = from.flag("platform").expect("it has a platform");
    assert_eq!(at(text, platform.span), "--platform=$BUILDPLATFORM");
    assert_eq!(platform.value.as_ref().map(|value| value.variables[0].name.as_str()), Some("BUILDPLATFORM"));
}

#[test]
fn a_command_has_a_shell_and_an_exec_form() {
    assert_eq!(shell(&instruction("RUN --mount=type=cache,target=/a --network=none a 'b c'")), "a 'b c'");
    let text = "FROM a\nCMD [ \"a\", \"\\u0062 c\" ]";
    let file = parse(text);
    assert_eq!(exec(&file.instructions()[1]), ["a", "b c"]);
    let Some(Command::Exec(words)) = file.instructions()[1].command() else { panic!("it is an array") };
    assert_eq!(at(text, words[1].span), "\"\\u0062 c\"");
    assert_eq!(exec(&instruction("ENTRYPOINT []")), [""; 0]);
    assert_eq!(shell(&instruction("CMD")), "");
}

#[test]
fn an_array_that_is_no_json_is_the_shell_form() {
    let cmd = instruction("CMD ['a', 'b']");
    assert_eq!((shell(&cmd), cmd.malformed_json.map(Span::len)), ("['a', 'b']", Some(10)));
    assert!(instruction("CMD [\"a\",]").malformed_json.is_some());
    refused("CMD [\"a\", [1]]", "[\"a\", [1]]", "the JSON array holds something that is no string");
}

#[test]
fn pairs_have_names_and_values() {
    let text = "FROM a\nENV a=b \\\n  c=\"d e\" f=g\\ h";
    let file = parse(text);
    let pairs = file.instructions()[1].pairs();
    let values: Vec<_> = pairs
        .iter()
        .map(|pair| (pair.key.raw.as_str(), pair.value.as_ref().and_then(Word::literal)))
        .collect();
    let expected = [("a", "b"), ("c", "d e"), ("f", "g h")];
    assert_eq!(values, expected.map(|(key, value)| (key, Some(value.to_owned()))));
    assert_eq!(at(text, pairs[1].span), "c=\"d e\"");
    let arg = instruction("ARG a b=");
    assert_eq!(arg.pairs()[0].value.as_ref().map(|value| value.raw.as_str()), None);
    assert_eq!(arg.pairs()[1].value.as_ref().map(|value| value.raw.as_str()), Some(""));
}

#[test]
fn the_legacy_form_takes_the_rest_of_the_line() {
    let env = instruction("ENV a  b=c d");
    let pair = &env.pairs()[0];
    assert_eq!((pair.key.raw.as_str(), pair.is_legacy), ("a", true));
    assert_eq!(pair.value.as_ref().map(|value| value.raw.as_str()), Some("b=c d"));
}

#[test]
fn copy_has_sources_and_a_destination() {
    let copy = instruction("COPY --from=b --link --chown=1:1 a b /c");
    let files = copy.files().expect("it has files");
    assert_eq!((raws(&files.sources), files.destination.raw.as_str()), (vec!["a", "b"], "/c"));
    assert!(copy.flag("link").is_some_and(|link| link.value.is_none()));
    let add = instruction("ADD [\"a b\", \"/c\"]");
    assert!(add.files().is_some_and(|files| files.is_exec && files.sources[0].raw == "a b"));
}

#[test]
fn the_other_instructions_have_words() {
    assert_eq!(raws(instruction("EXPOSE 80 $P/udp").words()), ["80", "$P/udp"]);
    assert_eq!(raws(instruction("VOLUME [\"/a\", \"/b\"]").words()), ["/a", "/b"]);
    assert_eq!(raws(instruction("WORKDIR /a b").words()), ["/a b"]);
    let user = instruction("USER ${U:-app}:${G}");
    let user = user.user().expect("it has a user");
    assert_eq!(
        (user.user.raw.as_str(), user.group.as_ref().map(|group| group.raw.as_str())),
        ("${U:-app}", Some("${G}"))
    );
}

#[test]
fn a_healthcheck_is_none_or_a_command() {
    assert!(matches!(instruction("HEALTHCHECK none").healthcheck(), Some(Healthcheck::None(_))));
    let check = instruction("HEALTHCHECK --interval=1m30s --retries=3 CMD curl -f a || exit 1");
    assert_eq!(shell(&check), "curl -f a || exit 1");
    assert_eq!(exec(&instruction("HEALTHCHECK CMD [\"a\"]")), ["a"]);
}

#[test]
fn onbuild_has_a_trigger() {
    let onbuild = instruction("ONBUILD COPY --from=b a /b");
    assert_eq!(onbuild.trigger().map(|trigger| trigger.keyword), Some(Keyword::Copy));
    let nested = instruction("ONBUILD ONBUILD RUN a");
    assert_eq!(nested.trigger().map(|trigger| trigger.keyword), Some(Keyword::Onbuild));
}

// Heredocs

#[test]
fn heredocs_follow_the_line_that_opens_them() {
    let text = "FROM a\nRUN cat <<A <<-\"B\" > /c\na $x\nA\n\tb\n\tB\nUSER u\n";
    let file = parse(text);
    assert_eq!(file.errors(), []);
    let run = &file.instructions()[1];
    let heredocs: Vec<_> = run
        .heredocs
        .iter()
        .map(|heredoc| {
            (heredoc.delimiter.value.as_str(), heredoc.expand, heredoc.strip_tabs, at(text, heredoc.span))
        })
        .collect();
    assert_eq!(heredocs, [("A", true, false, "a $x\n"), ("B", false, true, "\tb\n")]);
    assert_eq!(at(text, run.heredocs[1].delimiter.span), "<<-\"B\"");
    assert!(at(text, run.span).ends_with("\n\tB"));
    assert!(run.script().is_none());
    assert_eq!(file.instructions()[2].keyword, Keyword::User);
}

#[test]
fn a_heredoc_alone_is_a_script() {
    let run = instruction("RUN --network=none <<EOF\na\n# b\nEOF");
    assert_eq!(run.script().map(|script| script.content.as_str()), Some("a\n# b\n"));
    let onbuild = instruction("ONBUILD RUN <<EOF\na\nEOF");
    assert_eq!(onbuild.trigger().and_then(Instruction::script).map(|script| script.span.len()), Some(2));
}

#[test]
fn only_shell_words_of_files_and_commands_open_heredocs() {
    for line in ["CMD cat <<EOF", "RUN [\"cat\", \"<<EOF\"]", "RUN echo \"<<EOF\" <<<a $((1<<2)) 1 << 2"] {
        assert!(instruction(line).heredocs.is_empty(), "{line}");
    }
    assert_eq!(instruction("COPY <<a <<b /c\na\nb\n").heredocs.len(), 2);
}

#[test]
fn blanks_may_stand_before_a_delimiter_that_is_there() {
    let run = instruction("RUN cat << EOF > /a\nb\nEOF");
    assert_eq!(run.heredocs.len(), 1);
    assert_eq!(run.heredocs[0].content.as_str(), "b\n");
    for line in ["RUN echo $((1 << 2))", "RUN a << EOF\nRUN b", "RUN cat <<- EOF"] {
        assert!(parse(&format!("FROM a\n{line}")).instructions()[1].heredocs.is_empty(), "{line}");
    }
}

#[test]
fn a_heredoc_that_is_never_closed_is_an_error() {
    refused("RUN <<EOF\na", "<<EOF", "the heredoc `EOF` is never closed");
    refused("COPY a <<E\nE", "<<E", "a heredoc is the destination of `COPY`");
}

// Errors

#[test]
fn a_misspelt_keyword_or_flag_has_a_nearest_one() {
    let file = parse("FROM a\nWROKDIR /a\nCOPY --form=b a b\nCMD --a b\n&& c");
    let helps: Vec<_> = file.errors().iter().filter_map(|error| error.help.as_deref()).collect();
    let last = "end the line above with `\\` if this line belongs to it";
    assert_eq!(helps, ["write `WORKDIR`", "write `--from`", "remove it: `CMD` takes no flags", last]);
}

#[test]
fn another_frontend_may_have_other_instructions() {
    assert_eq!(whole_errors("# syntax=example.org/x\nFROM a\nINCLUDE b\nRUN --c d"), []);
}

#[test]
fn flags_have_the_values_that_they_take() {
    refused("COPY --from a b", "--from", "flag `--from` has no value");
    refused("COPY --link=yes a b", "yes", "flag `--link` is neither true nor false");
    refused("COPY --from=a --from=b c d", "--from=b", "flag `--from` is given twice");
    refused("HEALTHCHECK --interval=30 CMD a", "30", "`--interval` is not a duration");
    refused("HEALTHCHECK --timeout=1us CMD a", "1us", "`--timeout` is less than one millisecond");
    refused("HEALTHCHECK --retries=-1 CMD a", "-1", "`--retries` is not a whole number from 0");
    assert_eq!(
        errors("RUN --mount=target=/a --mount=target=/b c\nHEALTHCHECK --interval=0 --timeout=1.5h CMD a"),
        []
    );
}

#[test]
fn a_flag_has_one_of_the_values_that_it_may_have() {
    refused("COPY --link= a b", "--link=", "flag `--link` is neither true nor false");
    refused("COPY --chmod=rwx a b", "rwx", "`rwx` is no mode");
    refused("COPY --from=$a b c", "$a", "`--from` takes no variables");
    refused("COPY --from=a,b c d", "a,b", "`a,b` is no image: a name has letters, digits, `.`, `_` and `-`");
    assert_eq!(errors("FROM b AS c\nCOPY --from=C d e"), []);
    refused("RUN --network=hots a", "hots", "`--network` is none of `default`, `none`, `host`");
    refused("RUN --security=$s a", "$s", "`--security` is none of `insecure`, `sandbox`");
    refused("FROM --platform=amd46 b", "amd46", "`amd46` is no platform");
    refused("ADD --checksum=sha256:0 https://a b", "sha256:0", "`sha256:0` is no digest");
    refused("ADD --checksum=a b /c", "--checksum=a", "`--checksum` stands before a source that is no URL");
    refused("ADD --checksum=a https://b c /d", "--checksum=a", "`--checksum` stands before several sources");
    let accepted = "COPY --chmod=u=rwX,go=rX --from=b a /c\nCOPY --chmod=$m --chown=$u:$g a b\n\
        ADD --checksum=$c https://a b\nADD --checksum=24eb https://a.example/b.git#v1 /c\n\
        ADD --unpack=true --keep-git-dir https://a /b\nCOPY --parents --exclude=*.a --exclude=b ./x /y\n\
        RUN --network=none --security=insecure a\nRUN --device=vendor/class=a,required b\n\
        FROM --platform=$BUILDPLATFORM a\nFROM --platform=linux/arm64/v8 a";
    assert_eq!(errors(accepted), []);
}

#[test]
fn names_and_signals_and_urls_are_checked_where_they_are_literal() {
    refused("FROM Alpine:3", "Alpine:3", "`Alpine:3` is no image: a name is in lower case");
    refused("FROM a:b:c", "a:b:c", "`a:b:c` is no image: its tag is malformed");
    refused("STOPSIGNAL SIGTREM", "SIGTREM", "`SIGTREM` is no signal");
    refused("COPY https://a/b /c", "https://a/b", "`COPY` takes no URL");
    refused("RUN --device=a,b c", "b", "a device has no option `b`");
    assert_eq!(errors("STOPSIGNAL $s\nSTOPSIGNAL 9\nFROM $A\nFROM Host/a\nFROM scratch"), []);
    assert_eq!(whole_errors("# syntax=example.org/x\nFROM A+b\nRUN --mount=x c\nSTOPSIGNAL x"), []);
    let check = ("# check=skip=all;eror=true\nFROM a", "eror=true");
    assert_eq!(whole_errors(check.0), [(check.1.to_owned(), "`check` has no option `eror`".to_owned())]);
}

// Mounts

#[test]
fn a_mount_has_typed_fields() {
    let text = "FROM a\nRUN --mount=type=cache,\\\n  dst=/c,id=\"x\",sharing=locked,uid=10,mode=0755,ro \\\n  \
                --mount=type=secret,id=npm,env=TOKEN,required --mount=target=/d,from=b,rw true";
    let file = parse(text);
    // The blanks of the second line end the flag, as they do for BuildKit.
    assert_eq!(file.errors()[0].message, "a part of the mount is empty");
    let text = text.replace("\\\n  dst", "\\\ndst");
    let file = parse(&text);
    assert_eq!(file.errors(), []);
    let [cache, secret, bind] = file.instructions()[1].mounts.as_slice() else { panic!("it has three") };
    assert_eq!(cache.kind(), Some(MountKind::Cache));
    assert_eq!(cache.target().map(|target| at(&text, target.span)), Some("/c"));
    assert_eq!(cache.id().and_then(Word::literal).as_deref(), Some("x"));
    assert_eq!((cache.sharing(), cache.uid(), cache.mode()), (Some(Sharing::Locked), Some(10), Some(0o755)));
    assert_eq!((cache.is_read_only(), cache.is_required()), (Some(true), Some(false)));
    assert_eq!((secret.kind(), secret.is_required()), (Some(MountKind::Secret), Some(true)));
    assert_eq!((secret.secret().as_deref(), secret.env().is_some()), (Some("npm"), true));
    assert_eq!((bind.kind(), bind.is_read_only()), (Some(MountKind::Bind), Some(false)));
    assert_eq!(bind.from().map(|from| from.raw.as_str()), Some("b"));
    let unknown = instruction("RUN --mount=type=$t,target=/a true");
    assert_eq!((unknown.mounts[0].kind(), unknown.mounts[0].is_read_only()), (None, None));
}

#[test]
fn a_wrong_mount_is_refused_at_the_part_that_is_wrong() {
    refused("RUN --mount=type=cach,target=/a b", "cach", "there is no type of mount `cach`");
    refused("RUN --mount=type=cache,traget=/a b", "traget", "a mount has no option `traget`");
    refused("RUN --mount=type=cache,target b", "target", "the mount's option `target` has no value");
    refused("RUN --mount= b", "--mount=", "a part of the mount is empty");
    refused("RUN --mount=type=bind,from=$x,target=/a b", "$x", "`from` of a mount takes no variables");
    refused(
        "RUN --mount=type=tmpfs,target=/a,size=big b",
        "big",
        "`size` of the mount is no amount of memory",
    );
    refused("RUN --mount=type=cache,target=/a,size=1m b", "size=1m", "`size` stands behind no `type=tmpfs`");
    let early = "`required` stands behind no `type=secret` or `type=ssh`";
    refused("RUN --mount=required,type=ssh b", "required", early);
    refused("RUN --mount=type=cache,target=/a,mode=9 b", "9", "`mode` of the mount is no octal number");
    refused("RUN --mount=target=/a,uid=0 b", "uid=0", "a mount of type `bind` takes no `uid`");
    refused("RUN --mount=type=secret b", "type=secret", "a mount of type `secret` names no secret");
    refused("RUN --mount=type=secret,id=a,src=b b", "src=b", "`id` and `src` both name the secret");
    refused("RUN --mount=type=cache,target=/ b", "/", "a mount cannot cover the root directory");
    refused(
        "RUN --mount=type=cache,sharing=lock,target=/a b",
        "lock",
        "`sharing` of the mount is none of `shared`, `private`, `locked`",
    );
    let accepted = "RUN --mount=type=SSH --mount=type=secret,target=/x --mount=type=secret,env=A a\n\
        RUN --mount=type=cache,target=$d,uid=$u,sharing=$s --mount=type=tmpfs,target=/a,size=1.5g b\n\
        RUN --mount=type=bind,source=.,destination=/a,readonly=false --mount=type=ssh,required=1,mode=0666 c\n\
        RUN '--mount=type=cache,target=/a' b";
    assert_eq!(errors(accepted), []);
}

#[test]
fn arguments_are_complete() {
    for name in [
        "WORKDIR",
        "USER",
        "EXPOSE",
        "VOLUME",
        "STOPSIGNAL",
        "ENV",
        "LABEL",
        "ARG",
        "ONBUILD",
        "SHELL",
        "ADD",
    ] {
        refused(name, name, &format!("`{name}` has no argument"));
    }
    refused("COPY a", "COPY", "`COPY` has no destination");
    refused("ENV a", "a", "the name in `ENV` has no value");
    refused("ENV a=b c", "c", "a word of `ENV` has no `=`");
    refused("LABEL =b", "=b", "a name in `LABEL` is blank");
    refused("SHELL sh -c", "sh -c", "`SHELL` is not a JSON array of strings");
    refused("HEALTHCHECK curl a", "curl", "`curl` stands where `CMD` or `NONE` belongs");
    refused("HEALTHCHECK NONE a", "a", "`HEALTHCHECK NONE` takes no argument");
    refused("HEALTHCHECK CMD", "CMD", "`HEALTHCHECK CMD` has no command");
}

#[test]
fn from_takes_one_or_three_words() {
    refused("FROM", "FROM", "`FROM` has no image");
    refused("FROM b AS", "AS", "the stage has no name after `AS`");
    refused("FROM b SA c", "SA", "`SA` stands where `AS` belongs");
    refused("FROM b AS c d", "d", "`FROM` takes an image, or an image, `AS` and a name");
    refused("FROM b # c", "# c", "a comment is an argument here: it does not start its line");
    refused("FROM b AS 1c", "1c", "`1c` cannot be the name of a stage");
}

#[test]
fn a_file_starts_with_from() {
    assert_eq!(whole_errors("")[0].1, "the file has no instructions");
    assert_eq!(whole_errors("ARG a"), [("ARG".to_owned(), "the file has no `FROM`".to_owned())]);
    let early = ("RUN".to_owned(), "`RUN` stands before the first `FROM`".to_owned());
    assert_eq!(whole_errors("ARG a\nRUN a\nRUN b\nFROM a"), [early]);
}

#[test]
fn quotes_and_substitutions_are_closed() {
    refused("LABEL a=\"b c", "\"", "the quote is never closed");
    refused("ENV a=it's", "'", "the quote is never closed");
    refused("USER ${a", "${", "the substitution is never closed");
    refused("USER ${a:-b", "${", "the substitution is never closed");
    refused("USER ${}", "${", "the substitution has no name");
    refused("USER ${a^}", "${a^", "the substitution has an unknown operator");
}

#[test]
fn quotes_keep_no_words_of_copy_together() {
    let file = parse("FROM a\nCOPY a \"/b c\"");
    let help = "write a JSON array: quotes keep no words together here";
    assert_eq!(file.errors()[0].help.as_deref(), Some(help));
}

#[test]
fn every_error_is_reported() {
    assert_eq!(errors("FOO\nUSER\nENV a\nRUN b\nCOPY c").len(), 4);
}

// Words

fn expanded(value: &str) -> Option<String> {
    let env = instruction(&format!("ENV {value}"));
    let lookup = |name: &str| match name {
        "x" => Binding::Value("a/b/c".to_owned()),
        "blank" => Binding::Value(String::new()),
        "unknown" => Binding::Unknown,
        _ => Binding::Unset,
    };
    env.pairs()[0].value.as_ref().and_then(|word| word.resolve(&lookup))
}

#[test]
fn words_expand_as_for_buildkit() {
    let cases = [
        ("v=$x", "a/b/c"),
        ("v=${x}y", "a/b/cy"),
        ("v='$x'", "$x"),
        ("v=\"$x \\\" \\n\"", "a/b/c \" \\n"),
        ("v=\\$x", "$x"),
        ("v=$", "$"),
        ("v=${unset:-$x}", "a/b/c"),
        ("v=${blank:-y}", "y"),
        ("v=${blank-y}", ""),
        ("v=${x:+y}", "y"),
        ("v=${unset+y}", ""),
        ("v=${x?y}", "a/b/c"),
        ("v=${x#*/}", "b/c"),
        ("v=${x##*/}", "c"),
        ("v=${x%/*}", "a/b"),
        ("v=${x%%/?}", "a/b"),
        ("v=${x%%/*}", "a"),
        ("v=${x//b/y}", "a/y/c"),
        ("v=${x/\\//-}", "a-b/c"),
        ("v=${x//\\//-}", "a-b-c"),
    ];
    for (value, expected) in cases {
        assert_eq!(expanded(value).as_deref(), Some(expected), "{value}");
    }
    for value in ["v=$unset", "v=$unknown", "v=${unknown:-y}", "v=${unset:?y}"] {
        assert_eq!(expanded(value), None, "{value}");
    }
}

#[test]
fn variables_have_spans() {
    let text = "FROM a\nUSER a${x:-$y}\\\n$z";
    let file = parse(text);
    let user = file.instructions()[1].user().expect("it has a user");
    let variables: Vec<_> = user
        .word
        .variables
        .iter()
        .map(|variable| (variable.name.as_str(), at(text, variable.span)))
        .collect();
    assert_eq!(variables, [("x", "${x:-$y}"), ("y", "$y"), ("z", "$z")]);
    assert_eq!(user.word.variables[0].operator, Some(Operator::Default));
}

#[test]
fn values_of_values_do_not_grow_without_bound() {
    let lines: String = (0..100).map(|_| "ENV a=$a$a$a$a\n").collect();
    let file = parse(&format!("FROM scratch\nENV a=aaaa\n{lines}USER $a"));
    assert!(file.final_stage().is_some_and(|stage| matches!(stage.user(), Setting::Unknown(_))));
}

// Stages

#[test]
fn a_stage_is_found_by_name_or_index() {
    let file = parse("FROM a AS One\nFROM b\nFROM c AS one\nFROM ONE");
    let index = |name| file.stage(name).map(Stage::index);
    assert_eq!((index("oNe"), index("1"), index("4"), index("two")), (Some(2), Some(1), None, None));
    let last = file.final_stage().expect("it has stages");
    assert!(matches!(last.base(), Some(Origin::Stage(stage)) if stage.index() == 2));
    assert_eq!(last.external_base().map(|word| word.raw.as_str()), Some("c"));
    assert_eq!(file.stages().count(), 4);
}

#[test]
fn an_image_with_the_stage_s_own_name_is_an_image() {
    let file = parse("FROM node AS node\nFROM node");
    let bases: Vec<_> = file.stages().map(|stage| matches!(stage.base(), Some(Origin::Image(_)))).collect();
    assert_eq!(bases, [true, false]);
}

#[test]
fn settings_go_through_base_stages() {
    let file = parse(
        "FROM a AS base\nENV d=/srv u=app\nUSER $u\nWORKDIR $d\nEXPOSE 80\nHEALTHCHECK CMD a\n\
         FROM base AS mid\nWORKDIR x\nEXPOSE 81\nFROM mid\nHEALTHCHECK NONE\nFROM b",
    );
    let stages: Vec<_> = file.stages().collect();
    assert_eq!(known(stages[2].user()), Some("app"));
    assert_eq!(known(stages[2].workdir()), Some("/srv/x"));
    assert_eq!(known(stages[2].env("d")), Some("/srv"));
    assert_eq!(raws(stages[2].exposed()), ["81", "80"]);
    assert!(matches!(
        stages[1].healthcheck().and_then(Instruction::healthcheck),
        Some(Healthcheck::Command(_))
    ));
    assert!(matches!(stages[2].healthcheck().and_then(Instruction::healthcheck), Some(Healthcheck::None(_))));
    assert_eq!(stages[3].user(), Setting::Inherited);
    assert!(stages[3].healthcheck().is_none());
}

#[test]
fn a_user_of_a_variable_without_a_value_is_unknown() {
    for lines in ["ARG u\nUSER $u", "USER $u", "ARG TARGETARCH\nUSER $TARGETARCH", "ENV u=$PATH\nUSER $u"] {
        let file = parse(&format!("FROM a\n{lines}"));
        assert!(
            file.final_stage().is_some_and(|stage| matches!(stage.user(), Setting::Unknown(_))),
            "{lines}"
        );
    }
    for lines in
        ["ARG u=x\nUSER $u", "ARG u\nUSER ${u:-x}", "ARG u=y\nENV u=x\nARG u=z\nUSER $u", "ARG g\nUSER $g"]
    {
        let file = parse(&format!("ARG g=x\nFROM a\n{lines}"));
        assert_eq!(file.final_stage().and_then(|stage| known(stage.user())), Some("x"), "{lines}");
    }
}

#[test]
fn an_entrypoint_takes_the_inherited_command_away() {
    let file = parse("FROM a AS a\nCMD a\nFROM a AS b\nENTRYPOINT b\nFROM a\nCMD c\nENTRYPOINT d\nFROM b");
    let cmds: Vec<_> = file.stages().map(|stage| stage.cmd().map(shell)).collect();
    assert_eq!(cmds, [Some("a"), None, Some("c"), None]);
    assert_eq!(file.final_stage().and_then(Stage::entrypoint).map(shell), Some("b"));
}

#[test]
fn a_base_image_takes_its_arguments() {
    let file =
        parse("ARG V=3\nARG I=alpine:$V\nARG W\nFROM $I AS a\nFROM a AS b\nFROM c:$W\nFROM x:$TARGETARCH");
    let stages: Vec<_> = file.stages().collect();
    assert_eq!(stages[1].external_image(), Some("alpine:3"));
    assert_eq!(stages[1].base_image(&|_| None).as_deref(), Some("alpine:3"));
    let given = |name: &str| (name == "V" || name == "W").then(|| "9".to_owned());
    assert_eq!(stages[1].base_image(&given).as_deref(), Some("alpine:9"));
    assert_eq!((stages[2].external_image(), stages[2].base_image(&given).as_deref()), (None, Some("c:9")));
    assert_eq!(stages[3].base_image(&given), None);
    assert_eq!(file.global_args().count(), 3);
}

#[test]
fn a_scope_has_what_is_declared_above() {
    let text = "ARG V=3\nARG W\nFROM scratch AS a\nENV e=1\nARG V\nARG x=$V y=$x\nENV e=2 f=$e\n\
                FROM a\nRUN true\nFROM alpine:$V\nRUN true";
    let file = parse(text);
    let stages: Vec<_> = file.stages().collect();
    let value = |text: &str| Binding::Value(text.to_owned());
    let at_from = stages[0].scope_at(2);
    assert_eq!(
        (at_from.binding("V"), at_from.binding("W"), at_from.is_whole()),
        (value("3"), Binding::Unset, true)
    );
    assert_eq!((at_from.binding("TARGETARCH"), at_from.declares("TARGETARCH")), (Binding::Unknown, true));
    let early = stages[0].scope_at(4);
    assert_eq!(
        (early.binding("e"), early.binding("V"), early.declares("V")),
        (value("1"), Binding::Unset, false)
    );
    let late = stages[0].scope_at(6);
    assert_eq!(
        (late.binding("V"), late.binding("y"), late.binding("e")),
        (value("3"), value("3"), value("1"))
    );
    assert_eq!(late.declaration("x").map(|span| at(text, span)), Some("x=$V"));
    assert_eq!(late.names(), ["V", "e", "x", "y"]);
    let child = stages[1].scope_at(8);
    assert_eq!((child.binding("e"), child.binding("f"), child.is_whole()), (value("2"), value("1"), true));
    assert_eq!(
        (child.binding("W"), child.binding("PATH"), child.declares("PATH")),
        (Binding::Unset, Binding::Unknown, true)
    );
    let image = stages[2].scope_at(10);
    assert_eq!((image.binding("e"), image.is_whole(), image.names().len()), (Binding::Unknown, false, 0));
    assert!(
        is_proxy_argument("http_proxy") && is_proxy_argument("NO_PROXY") && !is_proxy_argument("Http_Proxy")
    );
    assert!(is_platform_argument("TARGETARCH"));
}

#[test]
fn triggers_run_in_the_stage_that_is_based_on_theirs() {
    let text = "FROM a AS base\nUSER one\nONBUILD USER two\nONBUILD ENV e=1\nONBUILD CMD x\n\
                ONBUILD EXPOSE 81\nFROM base AS child\nWORKDIR /$e\nEXPOSE 80\nFROM child";
    let file = parse(text);
    let stages: Vec<_> = file.stages().collect();
    let users: Vec<_> = stages.iter().map(|stage| known(stage.user())).collect();
    assert_eq!(users, [Some("one"), Some("two"), Some("two")]);
    assert_eq!((known(stages[1].workdir()), stages[0].cmd().map(shell)), (Some("/1"), None));
    assert_eq!(stages[1].cmd().map(shell), Some("x"));
    assert_eq!((stages[1].triggers().count(), stages[2].triggers().count()), (4, 0));
    assert_eq!(raws(stages[2].exposed()), ["80", "81"]);
}

#[test]
fn ports_are_numbers() {
    let file = parse("FROM a\nARG P=80 Q\nEXPOSE $P $Q 90-92/UDP 1:2 x 7/sctp\nENV L=\"1 2\"\nEXPOSE $L");
    let ports = file.final_stage().map(Stage::ports).unwrap_or_default();
    let shown: Vec<_> = ports.iter().map(|port| (port.first, port.last, port.protocol)).collect();
    let (tcp, udp, sctp) = (Protocol::Tcp, Protocol::Udp, Protocol::Sctp);
    assert_eq!(shown, [(80, 80, tcp), (90, 92, udp), (7, 7, sctp), (1, 1, tcp), (2, 2, tcp)]);
    assert!(ports[1].contains(91) && !ports[1].contains(93));
}

#[test]
fn a_script_is_what_the_shell_is_given() {
    let script = |line: &str| {
        let instruction = instruction(line);
        instruction.script_text().map(|text| text.as_str().to_owned())
    };
    assert_eq!(script("RUN a \\\n  && b").as_deref(), Some("a   && b"));
    assert_eq!(script("RUN <<-EOF\n\ta\n\t\tb\nEOF").as_deref(), Some("a\nb\n"));
    assert_eq!(script("RUN cat <<A <<B && c\nd\nA\nB").as_deref(), Some("cat <<A <<B && c\nd\nA\nB"));
    assert_eq!(script("CMD [\"sh\", \"-c\", \"a | b\"]").as_deref(), Some("a | b"));
    assert_eq!(script("HEALTHCHECK CMD a || b").as_deref(), Some("a || b"));
    assert_eq!(script("ENTRYPOINT [\"a\", \"b\"]"), None);
    assert_eq!(script("SHELL [\"bash\", \"-c\"]"), None);
    let text =
        "FROM a\nRUN cat <<A\nb\nA\nCMD [\"sh\", \"-c\", \"c\\td\"]\nENTRYPOINT [\"sh\", \"-c\", \"ef\"]";
    let file = parse(text);
    let place = |index: usize, part: &str| {
        let script = file.instructions()[index].script_text().expect("it has a script");
        let start = script.as_str().find(part).expect("the part is there");
        at(text, script.span(start..start + part.len())).to_owned()
    };
    assert_eq!((place(1, "b"), place(2, "d"), place(3, "f")), ("b".into(), "\"c\\td\"".into(), "f".into()));
}

#[test]
fn a_script_is_in_some_language() {
    use crate::shell::Language::{Cmd, Other, Posix, PowerShell};
    let language = |lines: &str| {
        let file = parse(&format!("FROM a\n{lines}"));
        file.final_stage().map(|stage| stage.language_at(file.instructions().len() - 1))
    };
    assert_eq!(language("RUN a"), Some(Posix));
    assert_eq!(language("SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\nRUN a"), Some(Posix));
    assert_eq!(language("SHELL [\"pwsh\", \"-Command\"]\nRUN a"), Some(PowerShell));
    assert_eq!(language("SHELL [\"nu\", \"-c\"]\nRUN a"), Some(Other));
    assert_eq!(language("RUN <<EOF\n#!/usr/bin/env python3\na\nEOF"), Some(Other));
    assert_eq!(language("RUN <<-EOF\n\t#! /bin/bash -e\n\ta\nEOF"), Some(Posix));
    assert_eq!(language("CMD [\"powershell.exe\", \"a\"]"), Some(PowerShell));
    assert_eq!(language("FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN a"), Some(Cmd));
    let heredoc = instruction("RUN <<-EOF\n\t#! /usr/bin/env -S bash -e \n\ta\nEOF").heredocs.remove(0);
    assert_eq!(heredoc.interpreter().map(|line| line.value).as_deref(), Some("/usr/bin/env -S bash -e"));
}

#[test]
fn a_shell_holds_for_what_follows() {
    let file = parse("FROM a\nRUN a\nSHELL [\"/bin/bash\", \"-c\"]\nRUN b");
    let stage = file.final_stage().expect("it has a stage");
    assert!(stage.shell_at(1).is_none());
    assert_eq!(stage.shell_at(3).map(exec), Some(vec!["/bin/bash", "-c"]));
    assert_eq!(stage.instructions().len(), 3);
}

#[test]
fn windows_shows_by_image_shell_platform_or_escape() {
    let texts = [
        "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022 AS a\nFROM a",
        "# escape=`\nFROM a",
        "FROM a\nSHELL [\"C:\\\\x\\\\powershell.exe\", \"-Command\"]",
        "FROM --platform=windows/amd64 a",
        "FROM mcr.microsoft.com/dotnet/framework/sdk:4.8",
    ];
    for text in texts {
        assert!(parse(text).final_stage().is_some_and(Stage::is_windows), "{text}");
    }
    assert!(!parse("FROM alpine\nSHELL [\"pwsh\"]").final_stage().is_some_and(Stage::is_windows));
}

// Any text

fn check_spans(text: &str, instruction: &Instruction) {
    let inside = |span: Span| assert!(text.get(span.range()).is_some(), "{span:?} of {text:?}");
    [instruction.span, instruction.name.span].into_iter().for_each(inside);
    instruction.flags.iter().for_each(|flag| inside(flag.span));
    instruction.empty_continuations.iter().copied().for_each(inside);
    instruction.heredocs.iter().for_each(|heredoc| {
        [heredoc.span, heredoc.delimiter.span].into_iter().chain(heredoc.terminator).for_each(inside);
    });
    for word in instruction.words() {
        inside(word.span);
        word.variables.iter().for_each(|variable| inside(variable.span));
    }
    if let Some(Command::Exec(words)) = instruction.command() {
        words.iter().for_each(|word| inside(word.span));
    }
    let logical = instruction.text.as_str();
    assert_eq!(logical.len(), instruction.text.map().len());
    for (offset, char) in logical.char_indices() {
        let span = instruction.text.span(offset..offset + char.len_utf8());
        assert_eq!(at(text, span), char.to_string());
    }
    for mount in &instruction.mounts {
        inside(mount.span);
        for field in &mount.fields {
            [field.span, field.key.span].into_iter().for_each(inside);
            field.value.iter().for_each(|value| inside(value.span));
        }
        let _ = (mount.kind(), mount.secret(), mount.is_read_only(), mount.is_required(), mount.sharing());
    }
    for heredoc in &instruction.heredocs {
        heredoc.interpreter().into_iter().for_each(|line| inside(line.span));
    }
    if let Some(script) = instruction.script_text() {
        let commands = crate::shell::Script::parse(script.as_str());
        commands.all_commands().for_each(|command| inside(script.span(command.range.clone())));
    }
    instruction.trigger().into_iter().for_each(|trigger| check_spans(text, trigger));
}

fn check(text: &str) {
    let file = parse(text);
    file.instructions().iter().for_each(|instruction| check_spans(text, instruction));
    for error in file.errors() {
        assert!(text.get(error.span.range()).is_some(), "{error:?}");
    }
    for pair in file.errors().windows(2) {
        assert!(pair[0].span.start <= pair[1].span.start, "{pair:?}");
    }
    let ends = file.instructions().windows(2).map(|pair| (pair[0].span.end, pair[1].span.start));
    ends.for_each(|(end, start)| assert!(end <= start, "{text:?}"));
    for comment in file.comments() {
        assert!(at(text, comment.span).starts_with('#'));
    }
    for stage in file.stages() {
        let _ = (stage.user(), stage.workdir(), stage.base_image(&|_| None), stage.exposed(), stage.ports());
        let first = stage.first_instruction();
        for index in first..first + stage.instructions().len() {
            let scope = stage.scope_at(index);
            let names = scope.names();
            assert!(names.iter().all(|name| scope.declares(name)));
            let _ = (scope.binding("x"), stage.language_at(index));
        }
    }
}

/// What would be quadratic if a line or a file were looked through once for each of its parts.
#[test]
fn a_large_file_is_read_at_once() {
    let many = |piece: &str| piece.repeat(50_000 / piece.len());
    for piece in [
        "a ",
        "a \\\n",
        "\\\n# c\n",
        "$a",
        "${a:-",
        "\"a\" ",
        "--mount=type=cache,target=/a ",
        "<<E ",
        "<< E ",
        ",",
        "a=$(b) ",
        "'",
        "[",
        "\\",
    ] {
        for start in
            ["RUN ", "ENV a=", "COPY ", "RUN [\"a\", \"", "RUN --mount=id=", "LABEL ", "EXPOSE ", "USER "]
        {
            let file = parse(&format!("FROM a\n{start}{}", many(piece)));
            assert!(file.instructions().len() > 1 || !file.errors().is_empty());
        }
    }
    for piece in [
        "RUN a << b\n",
        "RUN a <<b\n",
        "RUN <<b\nb\n",
        "FROM a AS a\n",
        "ONBUILD ENV a=$a\n",
        "ENV a=$a\n",
        "ARG a=$b b\n",
        "# c\n",
        "FOO\n",
        "USER $a\n",
        "SHELL [\"a\"]\n",
    ] {
        let file = parse(&format!("FROM a AS b\n{}FROM b\nUSER $a", many(piece)));
        assert!(file.final_stage().is_some() || !file.errors().is_empty());
    }
}

/// Text made of the pieces that a Dockerfile is made of.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "FROM ",
        "RUN ",
        "COPY ",
        "ENV ",
        "ARG ",
        "USER ",
        "ONBUILD ",
        "HEALTHCHECK ",
        "CMD ",
        "SHELL ",
        "LABEL ",
        "AS ",
        "a",
        "b=c",
        "=",
        " ",
        "\t",
        "\n",
        "\r\n",
        "\\",
        "\\\n",
        "`",
        "# ",
        "# escape=`\n",
        "\"",
        "'",
        "$x",
        "${",
        "}",
        ":-",
        "/",
        "%",
        "#",
        "<<E",
        "<<-\"E\"",
        "E\n",
        "[",
        "]",
        ",",
        "\"a\"",
        "--link",
        "--from=",
        "ä",
        "\u{feff}",
        "\u{2028}",
        "--",
        "NONE",
        "RUN --mount=type=cache,target=/a",
        "--device=",
        "--network=",
        "--chmod=",
        "--platform=",
        ",id=$x",
        "STOPSIGNAL ",
        "EXPOSE 80/",
        "# check=skip=",
        "<< E",
        "#!/bin/sh\n",
        "$(",
        ")",
        "sh -c ",
        "ONBUILD ENV x=$y\n",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_string_is_read_and_leads_back_to_its_bytes(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_pieces_are_read_and_lead_back_to_their_bytes(text in pieces()) {
        check(&text);
    }
}

#[test]
fn a_lone_from_of_a_name_that_never_exists_is_a_placeholder() {
    let parsed = |text: &str| Dockerfile::parse(text, &SourceMap::empty());
    assert!(parsed("FROM registry.invalid/app:1\n").is_placeholder());
    assert!(!parsed("FROM registry.invalid/app:1\nRUN true\n").is_placeholder());
    assert!(!parsed("FROM alpine\n").is_placeholder());
    assert!(!parsed("FROM invalidator/app\n").is_placeholder());
}
