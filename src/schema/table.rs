//! GENERATED from `schemas/compose.schema.json` by `BLESS=1 cargo test --test schema`.

use super::form::Form;
use super::node::{List, Map, Node, Number, Others, Text};

pub(super) static ROOT: Node = Node {
    map: Some(&Map {
        noun: "a Compose file",
        keys: &[
            (
                "configs",
                &Node {
                    map: Some(&Map {
                        noun: "`configs`",
                        keys: &[],
                        others: Others::Each(&CONFIG),
                        extensions: false,
                        has_names: true,
                        required: &[],
                    }),
                    ..Node::NONE
                },
            ),
            (
                "include",
                &Node { list: Some(&List { first: None, item: &INCLUDE, is_distinct: false }), ..Node::NONE },
            ),
            (
                "models",
                &Node {
                    map: Some(&Map {
                        noun: "`models`",
                        keys: &[],
                        others: Others::Each(&MODEL),
                        extensions: false,
                        has_names: false,
                        required: &[],
                    }),
                    ..Node::NONE
                },
            ),
            ("name", &Node { text: Some(Text { form: Some(Form::ProjectName), values: &[] }), ..Node::NONE }),
            (
                "networks",
                &Node {
                    map: Some(&Map {
                        noun: "`networks`",
                        keys: &[],
                        others: Others::Each(&NETWORK),
                        extensions: false,
                        has_names: false,
                        required: &[],
                    }),
                    ..Node::NONE
                },
            ),
            (
                "secrets",
                &Node {
                    map: Some(&Map {
                        noun: "`secrets`",
                        keys: &[],
                        others: Others::Each(&SECRET),
                        extensions: false,
                        has_names: true,
                        required: &[],
                    }),
                    ..Node::NONE
                },
            ),
            (
                "services",
                &Node {
                    map: Some(&Map {
                        noun: "`services`",
                        keys: &[],
                        others: Others::Each(&SERVICE),
                        extensions: false,
                        has_names: true,
                        required: &[],
                    }),
                    ..Node::NONE
                },
            ),
            ("version", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            (
                "volumes",
                &Node {
                    map: Some(&Map {
                        noun: "`volumes`",
                        keys: &[],
                        others: Others::Each(&VOLUME),
                        extensions: false,
                        has_names: true,
                        required: &[],
                    }),
                    ..Node::NONE
                },
            ),
        ],
        others: Others::Refused,
        extensions: true,
        has_names: false,
        required: &[],
    }),
    ..Node::NONE
};

pub(super) static BOOLEAN: Node =
    Node { boolean: true, text: Some(Text { form: Some(Form::Boolean), values: &[] }), ..Node::NONE };

pub(super) static COMMAND: Node = Node {
    null: true,
    text: Some(Text { form: Some(Form::CommandLine), values: &[] }),
    list: Some(&List {
        first: None,
        item: &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE },
        is_distinct: false,
    }),
    ..Node::NONE
};

pub(super) static CONFIG: Node = Node {
    map: Some(&Map {
        noun: "a config",
        keys: &[
            ("content", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("environment", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("external", &EXTERNAL),
            ("file", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("labels", &PAIRS),
            ("name", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("template_driver", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
        ],
        others: Others::Refused,
        extensions: true,
        has_names: false,
        required: &[],
    }),
    ..Node::NONE
};

pub(super) static CPUS: Node = Node {
    number: Some(Number { whole: false, least: None, most: None }),
    text: Some(Text { form: Some(Form::Cpus), values: &[] }),
    ..Node::NONE
};

pub(super) static DEPLOY: Node = Node {
    null: true,
    map: Some(&Map {
        noun: "`deploy`",
        keys: &[
            ("endpoint_mode", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("labels", &PAIRS),
            ("mode", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            (
                "placement",
                &Node {
                    map: Some(&Map {
                        noun: "`placement`",
                        keys: &[
                            ("constraints", &STRINGS),
                            ("max_replicas_per_node", &INTEGER),
                            (
                                "preferences",
                                &Node {
                                    list: Some(&List {
                                        first: None,
                                        item: &Node {
                                            map: Some(&Map {
                                                noun: "a preference",
                                                keys: &[(
                                                    "spread",
                                                    &Node {
                                                        text: Some(Text { form: None, values: &[] }),
                                                        ..Node::NONE
                                                    },
                                                )],
                                                others: Others::Refused,
                                                extensions: true,
                                                has_names: false,
                                                required: &[],
                                            }),
                                            ..Node::NONE
                                        },
                                        is_distinct: false,
                                    }),
                                    ..Node::NONE
                                },
                            ),
                        ],
                        others: Others::Refused,
                        extensions: true,
                        has_names: false,
                        required: &[],
                    }),
                    ..Node::NONE
                },
            ),
            ("replicas", &INTEGER),
            (
                "resources",
                &Node {
                    map: Some(&Map {
                        noun: "`resources`",
                        keys: &[
                            (
                                "limits",
                                &Node {
                                    map: Some(&Map {
                                        noun: "`limits`",
                                        keys: &[
                                            ("cpus", &CPUS),
                                            (
                                                "memory",
                                                &Node {
                                                    text: Some(Text { form: Some(Form::Size), values: &[] }),
                                                    ..Node::NONE
                                                },
                                            ),
                                            ("pids", &INTEGER),
                                        ],
                                        others: Others::Refused,
                                        extensions: true,
                                        has_names: false,
                                        required: &[],
                                    }),
                                    ..Node::NONE
                                },
                            ),
                            (
                                "reservations",
                                &Node {
                                    map: Some(&Map {
                                        noun: "`reservations`",
                                        keys: &[
                                            ("cpus", &CPUS),
                                            (
                                                "devices",
                                                &Node {
                                                    list: Some(&List {
                                                        first: None,
                                                        item: &RESERVED_DEVICE,
                                                        is_distinct: false,
                                                    }),
                                                    ..Node::NONE
                                                },
                                            ),
                                            (
                                                "generic_resources",
                                                &Node {
                                                    list: Some(&List {
                                                        first: None,
                                                        item: &Node {
                                                            map: Some(&Map {
                                                                noun: "a generic resource",
                                                                keys: &[(
                                                                    "discrete_resource_spec",
                                                                    &Node {
                                                                        map: Some(&Map {
                                                                            noun: "`discrete_resource_spec`",
                                                                            keys: &[
                                                                                (
                                                                                    "kind",
                                                                                    &Node {
                                                                                        text: Some(Text {
                                                                                            form: None,
                                                                                            values: &[],
                                                                                        }),
                                                                                        ..Node::NONE
                                                                                    },
                                                                                ),
                                                                                ("value", &NUMBER),
                                                                            ],
                                                                            others: Others::Refused,
                                                                            extensions: true,
                                                                            has_names: false,
                                                                            required: &[],
                                                                        }),
                                                                        ..Node::NONE
                                                                    },
                                                                )],
                                                                others: Others::Refused,
                                                                extensions: true,
                                                                has_names: false,
                                                                required: &[],
                                                            }),
                                                            ..Node::NONE
                                                        },
                                                        is_distinct: false,
                                                    }),
                                                    ..Node::NONE
                                                },
                                            ),
                                            (
                                                "memory",
                                                &Node {
                                                    text: Some(Text { form: Some(Form::Size), values: &[] }),
                                                    ..Node::NONE
                                                },
                                            ),
                                        ],
                                        others: Others::Refused,
                                        extensions: true,
                                        has_names: false,
                                        required: &[],
                                    }),
                                    ..Node::NONE
                                },
                            ),
                        ],
                        others: Others::Refused,
                        extensions: true,
                        has_names: false,
                        required: &[],
                    }),
                    ..Node::NONE
                },
            ),
            (
                "restart_policy",
                &Node {
                    map: Some(&Map {
                        noun: "`restart_policy`",
                        keys: &[
                            (
                                "condition",
                                &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE },
                            ),
                            ("delay", &DURATION),
                            ("max_attempts", &INTEGER),
                            ("window", &DURATION),
                        ],
                        others: Others::Refused,
                        extensions: true,
                        has_names: false,
                        required: &[],
                    }),
                    ..Node::NONE
                },
            ),
            (
                "rollback_config",
                &Node {
                    map: Some(&Map {
                        noun: "`rollback_config`",
                        keys: &[
                            ("delay", &DURATION),
                            (
                                "failure_action",
                                &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE },
                            ),
                            ("max_failure_ratio", &NUMBER),
                            ("monitor", &DURATION),
                            (
                                "order",
                                &Node {
                                    text: Some(Text { form: None, values: &["start-first", "stop-first"] }),
                                    ..Node::NONE
                                },
                            ),
                            ("parallelism", &INTEGER),
                        ],
                        others: Others::Refused,
                        extensions: true,
                        has_names: false,
                        required: &[],
                    }),
                    ..Node::NONE
                },
            ),
            (
                "update_config",
                &Node {
                    map: Some(&Map {
                        noun: "`update_config`",
                        keys: &[
                            ("delay", &DURATION),
                            (
                                "failure_action",
                                &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE },
                            ),
                            ("max_failure_ratio", &NUMBER),
                            ("monitor", &DURATION),
                            (
                                "order",
                                &Node {
                                    text: Some(Text { form: None, values: &["start-first", "stop-first"] }),
                                    ..Node::NONE
                                },
                            ),
                            ("parallelism", &INTEGER),
                        ],
                        others: Others::Refused,
                        extensions: true,
                        has_names: false,
                        required: &[],
                    }),
                    ..Node::NONE
                },
            ),
        ],
        others: Others::Refused,
        extensions: true,
        has_names: false,
        required: &[],
    }),
    ..Node::NONE
};

pub(super) static DEVICE: Node = Node {
    text: Some(Text { form: Some(Form::Device), values: &[] }),
    map: Some(&Map {
        noun: "a device",
        keys: &[
            ("permissions", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("source", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("target", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
        ],
        others: Others::Refused,
        extensions: true,
        has_names: false,
        required: &["source"],
    }),
    ..Node::NONE
};

pub(super) static DEVICE_REQUEST: Node = Node {
    map: Some(&Map {
        noun: "a device request",
        keys: &[
            ("capabilities", &DISTINCT_STRINGS),
            (
                "count",
                &Node {
                    number: Some(Number { whole: true, least: None, most: None }),
                    text: Some(Text { form: Some(Form::Count), values: &[] }),
                    ..Node::NONE
                },
            ),
            ("device_ids", &DISTINCT_STRINGS),
            ("driver", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("options", &PAIRS),
        ],
        others: Others::Refused,
        extensions: true,
        has_names: false,
        required: &[],
    }),
    ..Node::NONE
};

pub(super) static DISTINCT_STRINGS: Node = Node {
    list: Some(&List {
        first: None,
        item: &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE },
        is_distinct: true,
    }),
    ..Node::NONE
};

pub(super) static DURATION: Node =
    Node { text: Some(Text { form: Some(Form::Duration), values: &[] }), ..Node::NONE };

pub(super) static EXTERNAL: Node = Node {
    boolean: true,
    text: Some(Text { form: Some(Form::Boolean), values: &[] }),
    map: Some(&Map {
        noun: "`external`",
        keys: &[("name", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE })],
        others: Others::Refused,
        extensions: true,
        has_names: false,
        required: &[],
    }),
    ..Node::NONE
};

pub(super) static EXTRA_HOSTS: Node = Node {
    list: Some(&List {
        first: None,
        item: &Node { text: Some(Text { form: Some(Form::ExtraHost), values: &[] }), ..Node::NONE },
        is_distinct: false,
    }),
    map: Some(&Map {
        noun: "a mapping of hosts to addresses",
        keys: &[],
        others: Others::Each(&Node {
            text: Some(Text { form: None, values: &[] }),
            list: Some(&List {
                first: None,
                item: &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE },
                is_distinct: false,
            }),
            ..Node::NONE
        }),
        extensions: false,
        has_names: false,
        required: &[],
    }),
    ..Node::NONE
};

pub(super) static GRANTS: Node = Node {
    list: Some(&List {
        first: None,
        item: &Node {
            text: Some(Text { form: None, values: &[] }),
            map: Some(&Map {
                noun: "a secret or config of the service",
                keys: &[
                    ("gid", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
                    (
                        "mode",
                        &Node {
                            number: Some(Number { whole: false, least: None, most: None }),
                            text: Some(Text { form: Some(Form::FileMode), values: &[] }),
                            ..Node::NONE
                        },
                    ),
                    ("source", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
                    ("target", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
                    ("uid", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
                ],
                others: Others::Refused,
                extensions: true,
                has_names: false,
                required: &[],
            }),
            ..Node::NONE
        },
        is_distinct: false,
    }),
    ..Node::NONE
};

pub(super) static HEALTHCHECK: Node = Node {
    map: Some(&Map {
        noun: "`healthcheck`",
        keys: &[
            ("disable", &BOOLEAN),
            ("interval", &DURATION),
            ("retries", &NUMBER),
            ("start_interval", &DURATION),
            ("start_period", &DURATION),
            (
                "test",
                &Node {
                    text: Some(Text { form: None, values: &[] }),
                    list: Some(&List {
                        first: Some(&Node {
                            text: Some(Text { form: Some(Form::HealthTest), values: &[] }),
                            ..Node::NONE
                        }),
                        item: &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE },
                        is_distinct: false,
                    }),
                    ..Node::NONE
                },
            ),
            ("timeout", &DURATION),
        ],
        others: Others::Refused,
        extensions: true,
        has_names: false,
        required: &[],
    }),
    ..Node::NONE
};

pub(super) static HOOK: Node = Node {
    map: Some(&Map {
        noun: "a hook",
        keys: &[
            ("command", &COMMAND),
            ("environment", &VARIABLES),
            ("privileged", &BOOLEAN),
            ("user", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("working_dir", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
        ],
        others: Others::Refused,
        extensions: true,
        has_names: false,
        required: &["command"],
    }),
    ..Node::NONE
};

pub(super) static IMAGE: Node =
    Node { text: Some(Text { form: Some(Form::Image), values: &[] }), ..Node::NONE };

pub(super) static INCLUDE: Node = Node {
    text: Some(Text { form: None, values: &[] }),
    map: Some(&Map {
        noun: "an include",
        keys: &[
            ("env_file", &PATHS),
            ("path", &PATHS),
            ("project_directory", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
        ],
        others: Others::Refused,
        extensions: false,
        has_names: false,
        required: &[],
    }),
    ..Node::NONE
};

pub(super) static INTEGER: Node = Node {
    number: Some(Number { whole: true, least: None, most: None }),
    text: Some(Text { form: Some(Form::Integer), values: &[] }),
    ..Node::NONE
};

pub(super) static MODEL: Node = Node {
    map: Some(&Map {
        noun: "a model",
        keys: &[
            ("context_size", &INTEGER),
            ("model", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("name", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("runtime_flags", &STRINGS),
        ],
        others: Others::Refused,
        extensions: true,
        has_names: false,
        required: &["model"],
    }),
    ..Node::NONE
};

pub(super) static MOUNT: Node = Node {
    text: Some(Text { form: Some(Form::Mount), values: &[] }),
    map: Some(&Map {
        noun: "a mount",
        keys: &[
            (
                "bind",
                &Node {
                    map: Some(&Map {
                        noun: "`bind`",
                        keys: &[
                            ("create_host_path", &BOOLEAN),
                            (
                                "propagation",
                                &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE },
                            ),
                            (
                                "recursive",
                                &Node {
                                    text: Some(Text {
                                        form: None,
                                        values: &["enabled", "disabled", "writable", "readonly"],
                                    }),
                                    ..Node::NONE
                                },
                            ),
                            (
                                "selinux",
                                &Node { text: Some(Text { form: None, values: &["z", "Z"] }), ..Node::NONE },
                            ),
                        ],
                        others: Others::Refused,
                        extensions: true,
                        has_names: false,
                        required: &[],
                    }),
                    ..Node::NONE
                },
            ),
            ("consistency", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            (
                "image",
                &Node {
                    map: Some(&Map {
                        noun: "`image`",
                        keys: &[(
                            "subpath",
                            &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE },
                        )],
                        others: Others::Refused,
                        extensions: true,
                        has_names: false,
                        required: &[],
                    }),
                    ..Node::NONE
                },
            ),
            ("read_only", &BOOLEAN),
            ("source", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("target", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            (
                "tmpfs",
                &Node {
                    map: Some(&Map {
                        noun: "`tmpfs`",
                        keys: &[
                            (
                                "mode",
                                &Node {
                                    number: Some(Number { whole: false, least: None, most: None }),
                                    text: Some(Text { form: Some(Form::FileMode), values: &[] }),
                                    ..Node::NONE
                                },
                            ),
                            ("size", &SIZE),
                        ],
                        others: Others::Refused,
                        extensions: true,
                        has_names: false,
                        required: &[],
                    }),
                    ..Node::NONE
                },
            ),
            (
                "type",
                &Node {
                    text: Some(Text {
                        form: None,
                        values: &["bind", "volume", "tmpfs", "cluster", "npipe", "image"],
                    }),
                    ..Node::NONE
                },
            ),
            (
                "volume",
                &Node {
                    map: Some(&Map {
                        noun: "`volume`",
                        keys: &[
                            ("labels", &PAIRS),
                            ("nocopy", &BOOLEAN),
                            ("subpath", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
                        ],
                        others: Others::Refused,
                        extensions: true,
                        has_names: false,
                        required: &[],
                    }),
                    ..Node::NONE
                },
            ),
        ],
        others: Others::Refused,
        extensions: true,
        has_names: false,
        required: &["type"],
    }),
    ..Node::NONE
};

pub(super) static NETWORK: Node = Node {
    null: true,
    map: Some(&Map {
        noun: "a network",
        keys: &[
            ("attachable", &BOOLEAN),
            ("driver", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("driver_opts", &OPTIONS),
            ("enable_ipv4", &BOOLEAN),
            ("enable_ipv6", &BOOLEAN),
            ("external", &EXTERNAL),
            ("internal", &BOOLEAN),
            (
                "ipam",
                &Node {
                    map: Some(&Map {
                        noun: "`ipam`",
                        keys: &[
                            (
                                "config",
                                &Node {
                                    list: Some(&List {
                                        first: None,
                                        item: &Node {
                                            map: Some(&Map {
                                                noun: "a subnet",
                                                keys: &[
                                                    ("aux_addresses", &TEXTS_BY_NAME),
                                                    (
                                                        "gateway",
                                                        &Node {
                                                            text: Some(Text { form: None, values: &[] }),
                                                            ..Node::NONE
                                                        },
                                                    ),
                                                    (
                                                        "ip_range",
                                                        &Node {
                                                            text: Some(Text { form: None, values: &[] }),
                                                            ..Node::NONE
                                                        },
                                                    ),
                                                    (
                                                        "subnet",
                                                        &Node {
                                                            text: Some(Text { form: None, values: &[] }),
                                                            ..Node::NONE
                                                        },
                                                    ),
                                                ],
                                                others: Others::Refused,
                                                extensions: true,
                                                has_names: false,
                                                required: &[],
                                            }),
                                            ..Node::NONE
                                        },
                                        is_distinct: false,
                                    }),
                                    ..Node::NONE
                                },
                            ),
                            ("driver", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
                            ("options", &TEXTS_BY_NAME),
                        ],
                        others: Others::Refused,
                        extensions: true,
                        has_names: false,
                        required: &[],
                    }),
                    ..Node::NONE
                },
            ),
            ("labels", &PAIRS),
            ("name", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
        ],
        others: Others::Refused,
        extensions: true,
        has_names: false,
        required: &[],
    }),
    ..Node::NONE
};

pub(super) static NETWORKS_OF_SERVICE: Node = Node {
    list: Some(&List {
        first: None,
        item: &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE },
        is_distinct: true,
    }),
    map: Some(&Map {
        noun: "a networks",
        keys: &[],
        others: Others::Each(&Node {
            null: true,
            map: Some(&Map {
                noun: "a network of the service",
                keys: &[
                    ("aliases", &STRINGS),
                    ("driver_opts", &OPTIONS),
                    ("gw_priority", &NUMBER),
                    ("interface_name", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
                    (
                        "ipv4_address",
                        &Node {
                            text: Some(Text { form: Some(Form::Ipv4Address), values: &[] }),
                            ..Node::NONE
                        },
                    ),
                    (
                        "ipv6_address",
                        &Node {
                            text: Some(Text { form: Some(Form::Ipv6Address), values: &[] }),
                            ..Node::NONE
                        },
                    ),
                    ("link_local_ips", &STRINGS),
                    ("mac_address", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
                    ("priority", &NUMBER),
                ],
                others: Others::Refused,
                extensions: true,
                has_names: false,
                required: &[],
            }),
            ..Node::NONE
        }),
        extensions: false,
        has_names: true,
        required: &[],
    }),
    ..Node::NONE
};

pub(super) static NUMBER: Node = Node {
    number: Some(Number { whole: false, least: None, most: None }),
    text: Some(Text { form: Some(Form::Number), values: &[] }),
    ..Node::NONE
};

pub(super) static OPTIONS: Node = Node {
    map: Some(&Map {
        noun: "a mapping of options",
        keys: &[],
        others: Others::Each(&Node {
            number: Some(Number { whole: false, least: None, most: None }),
            text: Some(Text { form: None, values: &[] }),
            ..Node::NONE
        }),
        extensions: false,
        has_names: false,
        required: &[],
    }),
    ..Node::NONE
};

pub(super) static PAIRS: Node = Node {
    list: Some(&List {
        first: None,
        item: &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE },
        is_distinct: false,
    }),
    map: Some(&Map {
        noun: "a mapping of names to values",
        keys: &[],
        others: Others::Each(&Node {
            null: true,
            boolean: true,
            number: Some(Number { whole: false, least: None, most: None }),
            text: Some(Text { form: None, values: &[] }),
            ..Node::NONE
        }),
        extensions: false,
        has_names: false,
        required: &[],
    }),
    ..Node::NONE
};

pub(super) static PATHS: Node = Node {
    text: Some(Text { form: None, values: &[] }),
    list: Some(&List {
        first: None,
        item: &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE },
        is_distinct: false,
    }),
    ..Node::NONE
};

pub(super) static PLATFORM: Node =
    Node { text: Some(Text { form: Some(Form::Platform), values: &[] }), ..Node::NONE };

pub(super) static PORT: Node = Node {
    number: Some(Number { whole: true, least: Some(0), most: Some(65535) }),
    text: Some(Text { form: Some(Form::Port), values: &[] }),
    map: Some(&Map {
        noun: "a port",
        keys: &[
            ("app_protocol", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            (
                "host_ip",
                &Node { text: Some(Text { form: Some(Form::IpAddress), values: &[] }), ..Node::NONE },
            ),
            ("mode", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("name", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("protocol", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            (
                "published",
                &Node {
                    number: Some(Number { whole: true, least: Some(0), most: Some(65535) }),
                    text: Some(Text { form: Some(Form::PortRange), values: &[] }),
                    ..Node::NONE
                },
            ),
            (
                "target",
                &Node {
                    number: Some(Number { whole: true, least: Some(0), most: Some(65535) }),
                    text: Some(Text { form: Some(Form::PortNumber), values: &[] }),
                    ..Node::NONE
                },
            ),
        ],
        others: Others::Refused,
        extensions: true,
        has_names: false,
        required: &[],
    }),
    ..Node::NONE
};

pub(super) static RESERVED_DEVICE: Node = Node {
    map: Some(&Map {
        noun: "a device request",
        keys: &[
            ("capabilities", &DISTINCT_STRINGS),
            (
                "count",
                &Node {
                    number: Some(Number { whole: true, least: None, most: None }),
                    text: Some(Text { form: Some(Form::Count), values: &[] }),
                    ..Node::NONE
                },
            ),
            ("device_ids", &DISTINCT_STRINGS),
            ("driver", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("options", &PAIRS),
        ],
        others: Others::Refused,
        extensions: true,
        has_names: false,
        required: &["capabilities"],
    }),
    ..Node::NONE
};

pub(super) static SECRET: Node = Node {
    map: Some(&Map {
        noun: "a secret",
        keys: &[
            ("driver", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("driver_opts", &OPTIONS),
            ("environment", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("external", &EXTERNAL),
            ("file", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("labels", &PAIRS),
            ("name", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("template_driver", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
        ],
        others: Others::Refused,
        extensions: true,
        has_names: false,
        required: &[],
    }),
    ..Node::NONE
};

pub(super) static SERVICE: Node = Node {
    map: Some(&Map {
        noun: "a service",
        keys: &[
            ("annotations", &PAIRS),
            ("attach", &BOOLEAN),
            (
                "blkio_config",
                &Node {
                    map: Some(&Map {
                        noun: "`blkio_config`",
                        keys: &[
                            (
                                "device_read_bps",
                                &Node {
                                    list: Some(&List {
                                        first: None,
                                        item: &Node {
                                            map: Some(&Map {
                                                noun: "a rate",
                                                keys: &[
                                                    (
                                                        "path",
                                                        &Node {
                                                            text: Some(Text { form: None, values: &[] }),
                                                            ..Node::NONE
                                                        },
                                                    ),
                                                    ("rate", &SIZE),
                                                ],
                                                others: Others::Refused,
                                                extensions: false,
                                                has_names: false,
                                                required: &[],
                                            }),
                                            ..Node::NONE
                                        },
                                        is_distinct: false,
                                    }),
                                    ..Node::NONE
                                },
                            ),
                            (
                                "device_read_iops",
                                &Node {
                                    list: Some(&List {
                                        first: None,
                                        item: &Node {
                                            map: Some(&Map {
                                                noun: "a rate",
                                                keys: &[
                                                    (
                                                        "path",
                                                        &Node {
                                                            text: Some(Text { form: None, values: &[] }),
                                                            ..Node::NONE
                                                        },
                                                    ),
                                                    ("rate", &SIZE),
                                                ],
                                                others: Others::Refused,
                                                extensions: false,
                                                has_names: false,
                                                required: &[],
                                            }),
                                            ..Node::NONE
                                        },
                                        is_distinct: false,
                                    }),
                                    ..Node::NONE
                                },
                            ),
                            (
                                "device_write_bps",
                                &Node {
                                    list: Some(&List {
                                        first: None,
                                        item: &Node {
                                            map: Some(&Map {
                                                noun: "a rate",
                                                keys: &[
                                                    (
                                                        "path",
                                                        &Node {
                                                            text: Some(Text { form: None, values: &[] }),
                                                            ..Node::NONE
                                                        },
                                                    ),
                                                    ("rate", &SIZE),
                                                ],
                                                others: Others::Refused,
                                                extensions: false,
                                                has_names: false,
                                                required: &[],
                                            }),
                                            ..Node::NONE
                                        },
                                        is_distinct: false,
                                    }),
                                    ..Node::NONE
                                },
                            ),
                            (
                                "device_write_iops",
                                &Node {
                                    list: Some(&List {
                                        first: None,
                                        item: &Node {
                                            map: Some(&Map {
                                                noun: "a rate",
                                                keys: &[
                                                    (
                                                        "path",
                                                        &Node {
                                                            text: Some(Text { form: None, values: &[] }),
                                                            ..Node::NONE
                                                        },
                                                    ),
                                                    ("rate", &SIZE),
                                                ],
                                                others: Others::Refused,
                                                extensions: false,
                                                has_names: false,
                                                required: &[],
                                            }),
                                            ..Node::NONE
                                        },
                                        is_distinct: false,
                                    }),
                                    ..Node::NONE
                                },
                            ),
                            ("weight", &INTEGER),
                            (
                                "weight_device",
                                &Node {
                                    list: Some(&List {
                                        first: None,
                                        item: &Node {
                                            map: Some(&Map {
                                                noun: "a weight",
                                                keys: &[
                                                    (
                                                        "path",
                                                        &Node {
                                                            text: Some(Text { form: None, values: &[] }),
                                                            ..Node::NONE
                                                        },
                                                    ),
                                                    ("weight", &INTEGER),
                                                ],
                                                others: Others::Refused,
                                                extensions: false,
                                                has_names: false,
                                                required: &[],
                                            }),
                                            ..Node::NONE
                                        },
                                        is_distinct: false,
                                    }),
                                    ..Node::NONE
                                },
                            ),
                        ],
                        others: Others::Refused,
                        extensions: false,
                        has_names: false,
                        required: &[],
                    }),
                    ..Node::NONE
                },
            ),
            (
                "build",
                &Node {
                    text: Some(Text { form: None, values: &[] }),
                    map: Some(&Map {
                        noun: "`build`",
                        keys: &[
                            ("additional_contexts", &PAIRS),
                            ("args", &VARIABLES),
                            ("cache_from", &STRINGS),
                            ("cache_to", &STRINGS),
                            ("context", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
                            (
                                "dockerfile",
                                &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE },
                            ),
                            (
                                "dockerfile_inline",
                                &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE },
                            ),
                            ("entitlements", &STRINGS),
                            ("extra_hosts", &EXTRA_HOSTS),
                            (
                                "isolation",
                                &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE },
                            ),
                            ("labels", &PAIRS),
                            ("network", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
                            ("no_cache", &BOOLEAN),
                            ("no_cache_filter", &STRING_OR_STRINGS),
                            (
                                "platforms",
                                &Node {
                                    list: Some(&List { first: None, item: &PLATFORM, is_distinct: false }),
                                    ..Node::NONE
                                },
                            ),
                            ("privileged", &BOOLEAN),
                            (
                                "provenance",
                                &Node {
                                    boolean: true,
                                    text: Some(Text { form: None, values: &[] }),
                                    ..Node::NONE
                                },
                            ),
                            ("pull", &BOOLEAN),
                            (
                                "sbom",
                                &Node {
                                    boolean: true,
                                    text: Some(Text { form: None, values: &[] }),
                                    ..Node::NONE
                                },
                            ),
                            ("secrets", &GRANTS),
                            ("shm_size", &SIZE),
                            ("ssh", &PAIRS),
                            ("tags", &STRINGS),
                            ("target", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
                            ("ulimits", &ULIMITS),
                        ],
                        others: Others::Refused,
                        extensions: true,
                        has_names: false,
                        required: &[],
                    }),
                    ..Node::NONE
                },
            ),
            ("cap_add", &STRINGS),
            ("cap_drop", &STRINGS),
            ("cgroup", &Node { text: Some(Text { form: None, values: &["host", "private"] }), ..Node::NONE }),
            ("cgroup_parent", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("command", &COMMAND),
            ("configs", &GRANTS),
            (
                "container_name",
                &Node { text: Some(Text { form: Some(Form::ContainerName), values: &[] }), ..Node::NONE },
            ),
            (
                "cpu_count",
                &Node {
                    number: Some(Number { whole: true, least: Some(0), most: None }),
                    text: Some(Text { form: Some(Form::Integer), values: &[] }),
                    ..Node::NONE
                },
            ),
            (
                "cpu_percent",
                &Node {
                    number: Some(Number { whole: false, least: Some(0), most: Some(100) }),
                    text: Some(Text { form: Some(Form::Number), values: &[] }),
                    ..Node::NONE
                },
            ),
            ("cpu_period", &NUMBER),
            ("cpu_quota", &NUMBER),
            (
                "cpu_rt_period",
                &Node {
                    number: Some(Number { whole: false, least: None, most: None }),
                    text: Some(Text { form: Some(Form::CpuTime), values: &[] }),
                    ..Node::NONE
                },
            ),
            (
                "cpu_rt_runtime",
                &Node {
                    number: Some(Number { whole: false, least: None, most: None }),
                    text: Some(Text { form: Some(Form::CpuTime), values: &[] }),
                    ..Node::NONE
                },
            ),
            ("cpu_shares", &NUMBER),
            ("cpus", &CPUS),
            ("cpuset", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            (
                "credential_spec",
                &Node {
                    map: Some(&Map {
                        noun: "`credential_spec`",
                        keys: &[
                            ("config", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
                            ("file", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
                            (
                                "registry",
                                &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE },
                            ),
                        ],
                        others: Others::Refused,
                        extensions: true,
                        has_names: false,
                        required: &[],
                    }),
                    ..Node::NONE
                },
            ),
            (
                "depends_on",
                &Node {
                    list: Some(&List {
                        first: None,
                        item: &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE },
                        is_distinct: true,
                    }),
                    map: Some(&Map {
                        noun: "a dependencies",
                        keys: &[],
                        others: Others::Each(&Node {
                            map: Some(&Map {
                                noun: "a dependency",
                                keys: &[
                                    (
                                        "condition",
                                        &Node {
                                            text: Some(Text {
                                                form: None,
                                                values: &[
                                                    "service_started",
                                                    "service_healthy",
                                                    "service_completed_successfully",
                                                ],
                                            }),
                                            ..Node::NONE
                                        },
                                    ),
                                    ("required", &BOOLEAN),
                                    ("restart", &BOOLEAN),
                                ],
                                others: Others::Refused,
                                extensions: true,
                                has_names: false,
                                required: &["condition"],
                            }),
                            ..Node::NONE
                        }),
                        extensions: false,
                        has_names: true,
                        required: &[],
                    }),
                    ..Node::NONE
                },
            ),
            ("deploy", &DEPLOY),
            (
                "develop",
                &Node {
                    null: true,
                    map: Some(&Map {
                        noun: "`develop`",
                        keys: &[(
                            "watch",
                            &Node {
                                list: Some(&List {
                                    first: None,
                                    item: &Node {
                                        map: Some(&Map {
                                            noun: "a watch",
                                            keys: &[
                                                (
                                                    "action",
                                                    &Node {
                                                        text: Some(Text {
                                                            form: None,
                                                            values: &[
                                                                "rebuild",
                                                                "sync",
                                                                "restart",
                                                                "sync+restart",
                                                                "sync+exec",
                                                            ],
                                                        }),
                                                        ..Node::NONE
                                                    },
                                                ),
                                                ("exec", &HOOK),
                                                ("ignore", &STRING_OR_STRINGS),
                                                ("include", &STRING_OR_STRINGS),
                                                ("initial_sync", &BOOLEAN),
                                                (
                                                    "path",
                                                    &Node {
                                                        text: Some(Text {
                                                            form: Some(Form::SomeText),
                                                            values: &[],
                                                        }),
                                                        ..Node::NONE
                                                    },
                                                ),
                                                (
                                                    "target",
                                                    &Node {
                                                        text: Some(Text { form: None, values: &[] }),
                                                        ..Node::NONE
                                                    },
                                                ),
                                            ],
                                            others: Others::Refused,
                                            extensions: true,
                                            has_names: false,
                                            required: &["path", "action"],
                                        }),
                                        ..Node::NONE
                                    },
                                    is_distinct: false,
                                }),
                                ..Node::NONE
                            },
                        )],
                        others: Others::Refused,
                        extensions: true,
                        has_names: false,
                        required: &[],
                    }),
                    ..Node::NONE
                },
            ),
            ("device_cgroup_rules", &DISTINCT_STRINGS),
            (
                "devices",
                &Node { list: Some(&List { first: None, item: &DEVICE, is_distinct: false }), ..Node::NONE },
            ),
            ("dns", &STRING_OR_STRINGS),
            ("dns_opt", &STRINGS),
            ("dns_search", &STRING_OR_STRINGS),
            ("domainname", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("entrypoint", &COMMAND),
            (
                "env_file",
                &Node {
                    text: Some(Text { form: None, values: &[] }),
                    list: Some(&List {
                        first: None,
                        item: &Node {
                            text: Some(Text { form: None, values: &[] }),
                            map: Some(&Map {
                                noun: "an env file",
                                keys: &[
                                    (
                                        "format",
                                        &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE },
                                    ),
                                    (
                                        "path",
                                        &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE },
                                    ),
                                    ("required", &BOOLEAN),
                                ],
                                others: Others::Refused,
                                extensions: false,
                                has_names: false,
                                required: &["path"],
                            }),
                            ..Node::NONE
                        },
                        is_distinct: false,
                    }),
                    ..Node::NONE
                },
            ),
            ("environment", &VARIABLES),
            (
                "expose",
                &Node {
                    list: Some(&List {
                        first: None,
                        item: &Node {
                            number: Some(Number { whole: false, least: None, most: None }),
                            text: Some(Text { form: None, values: &[] }),
                            ..Node::NONE
                        },
                        is_distinct: false,
                    }),
                    ..Node::NONE
                },
            ),
            (
                "extends",
                &Node {
                    text: Some(Text { form: None, values: &[] }),
                    map: Some(&Map {
                        noun: "`extends`",
                        keys: &[
                            ("file", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
                            ("service", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
                        ],
                        others: Others::Refused,
                        extensions: false,
                        has_names: false,
                        required: &["service"],
                    }),
                    ..Node::NONE
                },
            ),
            ("external_links", &DISTINCT_STRINGS),
            ("extra_hosts", &EXTRA_HOSTS),
            (
                "gpus",
                &Node {
                    text: Some(Text { form: None, values: &["all"] }),
                    list: Some(&List { first: None, item: &DEVICE_REQUEST, is_distinct: false }),
                    ..Node::NONE
                },
            ),
            (
                "group_add",
                &Node {
                    list: Some(&List {
                        first: None,
                        item: &Node {
                            number: Some(Number { whole: false, least: None, most: None }),
                            text: Some(Text { form: None, values: &[] }),
                            ..Node::NONE
                        },
                        is_distinct: true,
                    }),
                    ..Node::NONE
                },
            ),
            ("healthcheck", &HEALTHCHECK),
            ("hostname", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("image", &IMAGE),
            ("init", &BOOLEAN),
            ("ipc", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("isolation", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("label_file", &PATHS),
            ("labels", &PAIRS),
            ("links", &STRINGS),
            (
                "logging",
                &Node {
                    map: Some(&Map {
                        noun: "`logging`",
                        keys: &[
                            ("driver", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
                            (
                                "options",
                                &Node {
                                    map: Some(&Map {
                                        noun: "a mapping of options",
                                        keys: &[],
                                        others: Others::Each(&Node {
                                            null: true,
                                            number: Some(Number { whole: false, least: None, most: None }),
                                            text: Some(Text { form: None, values: &[] }),
                                            ..Node::NONE
                                        }),
                                        extensions: false,
                                        has_names: false,
                                        required: &[],
                                    }),
                                    ..Node::NONE
                                },
                            ),
                        ],
                        others: Others::Refused,
                        extensions: true,
                        has_names: false,
                        required: &[],
                    }),
                    ..Node::NONE
                },
            ),
            ("mac_address", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("mem_limit", &SIZE),
            ("mem_reservation", &SIZE),
            ("mem_swappiness", &SIZE),
            ("memswap_limit", &SIZE),
            (
                "models",
                &Node {
                    list: Some(&List {
                        first: None,
                        item: &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE },
                        is_distinct: true,
                    }),
                    map: Some(&Map {
                        noun: "`models`",
                        keys: &[],
                        others: Others::Each(&Node {
                            map: Some(&Map {
                                noun: "a model of the service",
                                keys: &[
                                    (
                                        "endpoint_var",
                                        &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE },
                                    ),
                                    (
                                        "model_var",
                                        &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE },
                                    ),
                                ],
                                others: Others::Refused,
                                extensions: true,
                                has_names: false,
                                required: &[],
                            }),
                            ..Node::NONE
                        }),
                        extensions: false,
                        has_names: false,
                        required: &[],
                    }),
                    ..Node::NONE
                },
            ),
            ("network_mode", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("networks", &NETWORKS_OF_SERVICE),
            ("oom_kill_disable", &BOOLEAN),
            (
                "oom_score_adj",
                &Node {
                    number: Some(Number { whole: true, least: Some(-1000), most: Some(1000) }),
                    text: Some(Text { form: Some(Form::Integer), values: &[] }),
                    ..Node::NONE
                },
            ),
            ("pid", &Node { null: true, text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("pids_limit", &NUMBER),
            ("platform", &PLATFORM),
            (
                "ports",
                &Node { list: Some(&List { first: None, item: &PORT, is_distinct: false }), ..Node::NONE },
            ),
            (
                "post_start",
                &Node { list: Some(&List { first: None, item: &HOOK, is_distinct: false }), ..Node::NONE },
            ),
            (
                "pre_start",
                &Node { list: Some(&List { first: None, item: &HOOK, is_distinct: false }), ..Node::NONE },
            ),
            (
                "pre_stop",
                &Node { list: Some(&List { first: None, item: &HOOK, is_distinct: false }), ..Node::NONE },
            ),
            ("privileged", &BOOLEAN),
            ("profiles", &STRINGS),
            (
                "provider",
                &Node {
                    map: Some(&Map {
                        noun: "`provider`",
                        keys: &[
                            (
                                "options",
                                &Node {
                                    map: Some(&Map {
                                        noun: "a mapping of options",
                                        keys: &[],
                                        others: Others::Each(&Node {
                                            boolean: true,
                                            number: Some(Number { whole: false, least: None, most: None }),
                                            text: Some(Text { form: None, values: &[] }),
                                            list: Some(&List {
                                                first: None,
                                                item: &Node {
                                                    boolean: true,
                                                    number: Some(Number {
                                                        whole: false,
                                                        least: None,
                                                        most: None,
                                                    }),
                                                    text: Some(Text { form: None, values: &[] }),
                                                    ..Node::NONE
                                                },
                                                is_distinct: false,
                                            }),
                                            ..Node::NONE
                                        }),
                                        extensions: false,
                                        has_names: false,
                                        required: &[],
                                    }),
                                    ..Node::NONE
                                },
                            ),
                            ("type", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
                        ],
                        others: Others::Refused,
                        extensions: true,
                        has_names: false,
                        required: &["type"],
                    }),
                    ..Node::NONE
                },
            ),
            (
                "pull_policy",
                &Node { text: Some(Text { form: Some(Form::PullPolicy), values: &[] }), ..Node::NONE },
            ),
            ("pull_refresh_after", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("read_only", &BOOLEAN),
            ("restart", &Node { text: Some(Text { form: Some(Form::Restart), values: &[] }), ..Node::NONE }),
            ("runtime", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("scale", &INTEGER),
            ("secrets", &GRANTS),
            ("security_opt", &DISTINCT_STRINGS),
            ("shm_size", &SIZE),
            ("stdin_open", &BOOLEAN),
            ("stop_grace_period", &DURATION),
            ("stop_signal", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            (
                "storage_opt",
                &Node {
                    map: Some(&Map {
                        noun: "a mapping of options",
                        keys: &[],
                        others: Others::Anything,
                        extensions: false,
                        has_names: false,
                        required: &[],
                    }),
                    ..Node::NONE
                },
            ),
            ("sysctls", &PAIRS),
            ("tmpfs", &STRING_OR_STRINGS),
            ("tty", &BOOLEAN),
            ("ulimits", &ULIMITS),
            ("use_api_socket", &BOOLEAN),
            ("user", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("userns_mode", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("uts", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            (
                "volumes",
                &Node { list: Some(&List { first: None, item: &MOUNT, is_distinct: false }), ..Node::NONE },
            ),
            ("volumes_from", &DISTINCT_STRINGS),
            ("working_dir", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
        ],
        others: Others::Refused,
        extensions: true,
        has_names: false,
        required: &[],
    }),
    ..Node::NONE
};

pub(super) static SIZE: Node = Node {
    number: Some(Number { whole: false, least: None, most: None }),
    text: Some(Text { form: Some(Form::Size), values: &[] }),
    ..Node::NONE
};

pub(super) static STRING_OR_STRINGS: Node = Node {
    text: Some(Text { form: None, values: &[] }),
    list: Some(&List {
        first: None,
        item: &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE },
        is_distinct: false,
    }),
    ..Node::NONE
};

pub(super) static STRINGS: Node = Node {
    list: Some(&List {
        first: None,
        item: &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE },
        is_distinct: false,
    }),
    ..Node::NONE
};

pub(super) static TEXTS_BY_NAME: Node = Node {
    map: Some(&Map {
        noun: "a mapping of names to texts",
        keys: &[],
        others: Others::Each(&Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
        extensions: false,
        has_names: false,
        required: &[],
    }),
    ..Node::NONE
};

pub(super) static ULIMITS: Node = Node {
    map: Some(&Map {
        noun: "`ulimits`",
        keys: &[],
        others: Others::Each(&Node {
            number: Some(Number { whole: true, least: None, most: None }),
            text: Some(Text { form: Some(Form::Integer), values: &[] }),
            map: Some(&Map {
                noun: "a ulimit",
                keys: &[("hard", &INTEGER), ("soft", &INTEGER)],
                others: Others::Refused,
                extensions: true,
                has_names: false,
                required: &["soft", "hard"],
            }),
            ..Node::NONE
        }),
        extensions: false,
        has_names: false,
        required: &[],
    }),
    ..Node::NONE
};

pub(super) static VARIABLES: Node = Node {
    list: Some(&List {
        first: None,
        item: &Node { text: Some(Text { form: Some(Form::Variable), values: &[] }), ..Node::NONE },
        is_distinct: false,
    }),
    map: Some(&Map {
        noun: "a mapping of variables to values",
        keys: &[],
        others: Others::Each(&Node {
            null: true,
            boolean: true,
            number: Some(Number { whole: false, least: None, most: None }),
            text: Some(Text { form: None, values: &[] }),
            ..Node::NONE
        }),
        extensions: false,
        has_names: false,
        required: &[],
    }),
    ..Node::NONE
};

pub(super) static VOLUME: Node = Node {
    null: true,
    map: Some(&Map {
        noun: "a volume",
        keys: &[
            ("driver", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
            ("driver_opts", &OPTIONS),
            ("external", &EXTERNAL),
            ("labels", &PAIRS),
            ("name", &Node { text: Some(Text { form: None, values: &[] }), ..Node::NONE }),
        ],
        others: Others::Refused,
        extensions: true,
        has_names: false,
        required: &[],
    }),
    ..Node::NONE
};
