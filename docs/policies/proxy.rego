# Only the proxy publishes ports; what it forwards to stays on the networks of the project.
package composelint.proxy

import rego.v1

# A service is a proxy by its name, or by a label of ours.
is_proxy(name, _) if name in {"proxy", "traefik", "caddy", "nginx", "haproxy"}

is_proxy(_, service) if service.labels["com.example.role"] == "proxy"

# What only the machine itself reaches is not published.
is_local(port) if startswith(object.get(port, "host_ip", ""), "127.")

is_local(port) if object.get(port, "host_ip", "") == "::1"

deny contains {
	"msg": sprintf("port %s of `%s` is published beside the proxy", [port.published, name]),
	"path": ["services", name, "ports", i],
	"help": "remove the port, and let the proxy forward to the service by its name",
} if {
	some name, service in input.services
	not is_proxy(name, service)
	some i, port in service.ports
	port.published
	not is_local(port)
}

deny contains {
	"msg": sprintf("`%s` is on the network of the host, beside the proxy", [name]),
	"path": ["services", name, "network_mode"],
} if {
	some name, service in input.services
	not is_proxy(name, service)
	service.network_mode == "host"
}
