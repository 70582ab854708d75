# What section 5 of the CIS Docker Benchmark 1.6 asks of containers, as far as Compose files say it.
# Each finding has the number of its recommendation in its identifier: `cis-5.5`.
package composelint.cis

import rego.v1

sensitive := {"/", "/boot", "/dev", "/etc", "/lib", "/proc", "/sys", "/usr"}

sockets := {"/var/run/docker.sock", "/run/docker.sock"}

found(number, name, path, msg) := {
	"id": sprintf("cis-%s", [number]),
	"msg": msg,
	"path": array.concat(["services", name], path),
}

options(service) := object.get(service, "security_opt", [])

# A file that only adds to others says nothing by what it lacks.
is_whole if not input.deployment.fragment

deny contains found("5.2", name, ["security_opt", i], "AppArmor is switched off") if {
	some name, service in input.services
	some i, option in options(service)
	regex.match(`^apparmor[:=]unconfined$`, option)
}

deny contains found("5.3", name, ["security_opt", i], "SELinux labels are switched off") if {
	some name, service in input.services
	some i, option in options(service)
	regex.match(`^label[:=]disable$`, option)
}

deny contains found("5.4", name, ["cap_add", i], sprintf("the capability `%s` is added", [capability])) if {
	some name, service in input.services
	some i, capability in service.cap_add
	capability != "NET_BIND_SERVICE"
}

warn contains found("5.4", name, [], "no capabilities are dropped") if {
	is_whole
	some name, service in input.services
	not drops_all(service)
}

drops_all(service) if {
	some capability in service.cap_drop
	lower(capability) == "all"
}

deny contains found("5.5", name, ["privileged"], "the container is privileged") if {
	some name, service in input.services
	service.privileged == true
}

deny contains found("5.6", name, ["volumes", i], sprintf("`%s` of the host is mounted", [mount.source])) if {
	some name, service in input.services
	some i, mount in service.volumes
	mount.type == "bind"
	mount.source in sensitive
}

warn contains found("5.7", name, ["ports", i], "an SSH server is published") if {
	some name, service in input.services
	some i, port in service.ports
	port.target == 22
}

warn contains found("5.8", name, ["ports", i], sprintf("the privileged port %s is published", [port.published])) if {
	some name, service in input.services
	some i, port in service.ports
	to_number(port.published) < 1024
}

deny contains found("5.10", name, ["network_mode"], "the container shares the network of the host") if {
	some name, service in input.services
	service.network_mode == "host"
}

warn contains found("5.11", name, [], "memory has no limit") if {
	is_whole
	some name, service in input.services
	not service.mem_limit
	not service.deploy.resources.limits.memory
}

info contains found("5.12", name, [], "the processor has no limit and no share") if {
	is_whole
	some name, service in input.services
	not service.cpus
	not service.cpu_shares
	not service.cpu_quota
	not service.deploy.resources.limits.cpus
}

info contains found("5.13", name, [], "the root filesystem can be written to") if {
	is_whole
	some name, service in input.services
	not service.read_only
}

warn contains found("5.14", name, ["ports", i], "the port is published on all interfaces") if {
	some name, service in input.services
	some i, port in service.ports
	port.published
	object.get(port, "host_ip", "0.0.0.0") in {"0.0.0.0", "::"}
}

warn contains found("5.15", name, ["restart"], sprintf("`%s` restarts without end", [service.restart])) if {
	some name, service in input.services
	not regex.match(`^(no|on-failure:[1-5])$`, service.restart)
}

deny contains found("5.16", name, ["pid"], "the container sees the processes of the host") if {
	some name, service in input.services
	service.pid == "host"
}

deny contains found("5.17", name, ["ipc"], "the container shares the memory segments of the host") if {
	some name, service in input.services
	service.ipc == "host"
}

warn contains found("5.18", name, ["devices", i], "a device of the host is handed over") if {
	some name, service in input.services
	some i, _ in service.devices
}

deny contains found("5.20", name, ["volumes", i], "mounts made in the container reach the host") if {
	some name, service in input.services
	some i, mount in service.volumes
	mount.bind.propagation in {"shared", "rshared"}
}

deny contains found("5.21", name, ["uts"], "the container can change the host's name") if {
	some name, service in input.services
	service.uts == "host"
}

deny contains found("5.22", name, ["security_opt", i], "the seccomp profile is switched off") if {
	some name, service in input.services
	some i, option in options(service)
	regex.match(`^seccomp[:=]unconfined$`, option)
}

warn contains found("5.25", name, ["cgroup_parent"], "the cgroup is not the usual one") if {
	some name, service in input.services
	service.cgroup_parent
}

warn contains found("5.26", name, [], "processes may gain privileges") if {
	is_whole
	some name, service in input.services
	not keeps_privileges(service)
}

keeps_privileges(service) if {
	some option in options(service)
	regex.match(`^no-new-privileges([:=]true)?$`, option)
}

info contains found("5.27", name, [], "nothing checks the container's health") if {
	is_whole
	some name, service in input.services
	not service.healthcheck.test
	not input.builds[name].stage.healthcheck
}

warn contains found("5.29", name, [], "the number of processes has no limit") if {
	is_whole
	some name, service in input.services
	not service.pids_limit
	not service.deploy.resources.limits.pids
}

warn contains found("5.30", name, ["network_mode"], "the container is on the default bridge") if {
	some name, service in input.services
	service.network_mode == "bridge"
}

deny contains found("5.31", name, ["userns_mode"], "the container shares the users of the host") if {
	some name, service in input.services
	service.userns_mode == "host"
}

deny contains found("5.32", name, ["volumes", i], "the socket of the Docker daemon is mounted") if {
	some name, service in input.services
	some i, mount in service.volumes
	mount.source in sockets
}
