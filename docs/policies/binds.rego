# What is mounted from the host is part of the project.
package composelint.binds

import rego.v1

inside(path) if path == input.deployment.directory

inside(path) if startswith(path, sprintf("%s/", [input.deployment.directory]))

deny contains {
	"msg": sprintf("`%s` is mounted from outside of the project", [mount.source]),
	"path": ["services", name, "volumes", i],
	"help": "keep the files in the project, or use a named volume",
} if {
	some name, service in input.services
	some i, mount in service.volumes
	mount.type == "bind"
	not contains(mount.source, "$")
	not inside(mount.source)
}
