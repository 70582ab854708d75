# What ships is pinned to a digest and has a limit of memory.
package composelint.production

import rego.v1

ships if {
	input.deployment.production
	not input.deployment.fragment
}

deny_unpinned_image contains {
	"msg": sprintf("production runs `%s`, which is not pinned to a digest", [service.image]),
	"path": ["services", name, "image"],
	"help": "append the digest that `docker buildx imagetools inspect` prints",
} if {
	ships
	some name, service in input.services

	# What is built here has no digest before it is pushed.
	not service.build
	not regex.match(`@sha256:[0-9a-f]{64}$`, service.image)
}

deny_unlimited_memory contains {
	"msg": "production runs it without a limit of memory",
	"service": name,
	"help": "set `deploy.resources.limits.memory`",
} if {
	ships
	some name, service in input.services
	not service.mem_limit
	not service.deploy.resources.limits.memory
}
