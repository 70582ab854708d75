package composelint.cis_test

import rego.v1

import data.composelint.cis

# The numbers of what is found of a service.
numbers(service) := {finding.id |
	some finding in (cis.deny | cis.warn) | cis.info with input as {"services": {"web": service}}
}

bare := {"image": "example.com/web:1"}

hard := {
	"image": "example.com/web:1",
	"cap_drop": ["ALL"],
	"cpus": 1,
	"healthcheck": {"test": ["CMD", "true"]},
	"mem_limit": "268435456",
	"pids_limit": 100,
	"read_only": true,
	"security_opt": ["no-new-privileges:true"],
}

with_key(key, value) := object.union(hard, {key: value})

test_a_hardened_service_is_let_through if numbers(hard) == set()

test_a_bare_service_lacks_what_it_lacks if {
	numbers(bare) == {"cis-5.4", "cis-5.11", "cis-5.12", "cis-5.13", "cis-5.26", "cis-5.27", "cis-5.29"}
}

test_a_fragment_lacks_nothing if {
	count(cis.warn) == 0 with input as {"services": {"web": bare}, "deployment": {"fragment": true}}
	count(cis.info) == 0 with input as {"services": {"web": bare}, "deployment": {"fragment": true}}
}

cases := [
	{"number": "cis-5.2", "key": "security_opt", "value": ["no-new-privileges", "apparmor=unconfined"]},
	{"number": "cis-5.3", "key": "security_opt", "value": ["no-new-privileges", "label:disable"]},
	{"number": "cis-5.4", "key": "cap_add", "value": ["SYS_ADMIN"]},
	{"number": "cis-5.5", "key": "privileged", "value": true},
	{"number": "cis-5.6", "key": "volumes", "value": [{"type": "bind", "source": "/etc", "target": "/x"}]},
	{"number": "cis-5.10", "key": "network_mode", "value": "host"},
	{"number": "cis-5.15", "key": "restart", "value": "always"},
	{"number": "cis-5.16", "key": "pid", "value": "host"},
	{"number": "cis-5.17", "key": "ipc", "value": "host"},
	{"number": "cis-5.18", "key": "devices", "value": [{"source": "/dev/sda", "target": "/dev/sda"}]},
	{"number": "cis-5.20", "key": "volumes", "value": [{"source": "/a", "bind": {"propagation": "shared"}}]},
	{"number": "cis-5.21", "key": "uts", "value": "host"},
	{"number": "cis-5.22", "key": "security_opt", "value": ["no-new-privileges", "seccomp=unconfined"]},
	{"number": "cis-5.25", "key": "cgroup_parent", "value": "/other"},
	{"number": "cis-5.30", "key": "network_mode", "value": "bridge"},
	{"number": "cis-5.31", "key": "userns_mode", "value": "host"},
	{"number": "cis-5.32", "key": "volumes", "value": [{"source": "/var/run/docker.sock", "target": "/x"}]},
]

test_each_setting_has_its_number if {
	every case in cases {
		numbers(with_key(case.key, case.value)) == {case.number}
	}
}

ports(port) := numbers(with_key("ports", [object.union({"host_ip": "127.0.0.1", "target": 80}, port)]))

test_ports if {
	ports({"published": "8080"}) == set()
	ports({"published": "8080", "target": 22}) == {"cis-5.7"}
	ports({"published": "80"}) == {"cis-5.8"}
	ports({"published": "8080", "host_ip": "0.0.0.0"}) == {"cis-5.14"}
}

test_a_few_restarts_and_one_capability_are_let_through if {
	numbers(with_key("restart", "on-failure:5")) == set()
	numbers(with_key("cap_add", ["NET_BIND_SERVICE"])) == set()
}

test_the_place_is_where_the_value_is if {
	some finding in cis.deny with input as {"services": {"web": with_key("privileged", true)}}
	finding.path == ["services", "web", "privileged"]
}
