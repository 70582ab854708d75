//! `dangerous-device`: a container is given a disk, the memory or another device that hands over the host.

use crate::compose::device::Device;
use crate::compose::mount::clean_path;
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::Spanned;
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};
use crate::yaml::{Kind, Yaml};

pub static RULE: Rule = Rule {
    name: "dangerous-device",
    summary: "a container is given a disk, the memory or another device that hands over the host",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[
            Grade::attack(Attacker::Container, Gain::Host, Needs::Nothing)
                .case("for a disk, the memory and other devices that are as good as root on the host"),
            Grade::attack(Attacker::Container, Gain::Others, Needs::Nothing).case("for the others"),
        ],
        weaknesses: &[250],
    },
    severity: Severity::Error,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/dangerous-device.md"),
    equivalents: &["compose-lint:CL-0016"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

/// Devices by their whole path, with what they are and whether they are as good as root on the host.
const EXACT: &[(&str, &str, bool)] = &[
    ("/dev", "all devices of the host", true),
    ("/dev/btrfs-control", "the control of the host's file systems", true),
    ("/dev/fb0", "the screen of the host", false),
    ("/dev/input", "the keyboards and mice of the host", false),
    ("/dev/kcore", "the memory of the host", true),
    ("/dev/kmem", "the memory of the host's kernel", true),
    ("/dev/kmsg", "the log of the host's kernel", false),
    ("/dev/kvm", "the virtual machines of the host's kernel", false),
    ("/dev/loop-control", "the loop devices of the host", true),
    ("/dev/mem", "the memory of the host", true),
    ("/dev/port", "the input and output ports of the host", true),
    ("/dev/uinput", "the keyboards and mice of the host", false),
    ("/dev/vhost-vsock", "the virtual machines of the host", false),
];

/// Disks by the start of their name, behind which a letter or number tells one from another.
const DISKS: &[&str] = &[
    "bcache", "dasd", "dm-", "drbd", "hd", "loop", "md", "mmcblk", "nbd", "nvme", "ram", "rbd", "sd", "sg",
    "vd", "xvd", "zd",
];

/// Directories below which there are only disks.
const OF_DISKS: &[&str] = &["/dev/block/", "/dev/disk/", "/dev/mapper/", "/dev/md/", "/dev/zvol/"];

/// Programs that read the state of disks, or keep them, by words of the image's name.
const OF_THE_DISKS: &[&str] =
    &["ceph", "hddtemp", "makemkv", "scrutiny", "smartctl", "smartd", "smartmontools"];

/// What a device is, and whether it is as good as root on the host.
fn harm(path: &str) -> Option<(&'static str, bool)> {
    if let Some((_, what, is_root)) = EXACT.iter().find(|(exact, ..)| *exact == path) {
        return Some((what, *is_root));
    }
    let disk = Some(("a disk of the host", true));
    if OF_DISKS.iter().any(|directory| path.starts_with(directory)) {
        return disk;
    }
    let name = path.strip_prefix("/dev/")?;
    let is_part = |rest: &str| {
        let mut bytes = rest.bytes();
        bytes.next().is_some_and(|first| first.is_ascii_lowercase() || first.is_ascii_digit())
            && rest.len() <= 12
            && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let is_disk = DISKS.iter().any(|start| match name.strip_prefix(start) {
        // A word such as `sdcard` is no disk; letters that tell disks apart are few.
        Some(rest) => {
            is_part(rest) && rest.trim_end_matches(|c: char| c.is_ascii_digit()).len() <= 5 && {
                let letters = rest.chars().take_while(|c| c.is_ascii_lowercase()).count();
                letters <= 2 && (letters > 0 || !matches!(*start, "hd" | "sd" | "vd" | "xvd"))
            }
        }
        None => false,
    });
    disk.filter(|_| is_disk)
}

/// The device of the host in an item of `devices`.
fn source(item: Yaml<'_>) -> Option<Spanned<&str>> {
    if item.kind() == Kind::Mapping {
        let source = item.get("source")?;
        return Some(Spanned::new(source.as_str()?, source.span()));
    }
    Device::parse(item.as_str()?, &item.map()).ok().map(|device| device.source)
}

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    if service.get("privileged").is_some_and(|it| it.as_bool() == Some(true)) || is_of_the_disks(service) {
        return;
    }
    for item in service.get("devices").into_iter().flat_map(Yaml::items) {
        let Some(device) = source(item) else { continue };
        let Some((what, is_root)) = harm(&clean_path(device.value)) else { continue };
        let severity = if is_root { Severity::Error } else { Severity::Warning };
        cx.report(device.span, format!("`{}` gives the container {what}", device.value))
            .severity(severity)
            .help("remove it, or give the container only the device that its program is made for");
    }
    for rule in service.names("device_cgroup_rules") {
        let mut words = rule.value.split_whitespace();
        let (kind, number) = (words.next(), words.next());
        if kind == Some("a") || number == Some("*:*") {
            cx.report(rule.span, format!("`{}` lets the container use every device of the host", rule.value))
                .help("name the kind and number of the one device")
                .equivalents(&[]);
        }
    }
}

/// Whether the program is there to look after the host's disks.
fn is_of_the_disks(service: Service<'_>) -> bool {
    let Some(image) = service.image() else { return false };
    OF_THE_DISKS.iter().any(|word| image.name_without_registry().contains(word))
}
