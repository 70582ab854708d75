# Images come from our registries: those of services, and those that Dockerfiles start from.
package composelint.registry

import rego.v1

ours(image) if {
	some registry in data.registries
	startswith(image, sprintf("%s/", [registry]))
}

# What a variable hides is not known.
is_known(image) if not contains(image, "$")

deny contains {
	"msg": sprintf("`%s` is not from one of our registries", [service.image]),
	"path": ["services", name, "image"],
	"help": sprintf("mirror it to `%s`", [data.registries[0]]),
} if {
	some name, service in input.services
	not service.build
	is_known(service.image)
	not ours(service.image)
}

deny contains {
	"msg": sprintf("`%s` is not from one of our registries", [stage.image]),
	"path": ["dockerfiles", i, "stages", j, "image"],
	"help": sprintf("mirror it to `%s`", [data.registries[0]]),
} if {
	some i, dockerfile in input.dockerfiles
	some j, stage in dockerfile.stages
	stage.image != "scratch"
	is_known(stage.image)
	not ours(stage.image)
}
