package composelint.registry_test

import rego.v1

import data.composelint.registry

of(image) := {"services": {"web": {"image": image}}}

from(image) := {"dockerfiles": [{"stages": [{"image": image}]}]}

places(value) := {finding.path | some finding in registry.deny with input as value}

test_ours_is_let_through if {
	places(of("registry.example.com/team/web:1")) == set()
	places(from("registry.example.com/base/alpine:3")) == set()
}

test_others_are_not if {
	places(of("nginx:1.27")) == {["services", "web", "image"]}
	places(of("registry.example.com.evil.test/web:1")) == {["services", "web", "image"]}
	places(from("alpine:3")) == {["dockerfiles", 0, "stages", 0, "image"]}
}

test_scratch_and_what_a_variable_hides_are_let_through if {
	places(from("scratch")) == set()
	places(of("${REGISTRY}/web:1")) == set()
}

test_another_list_of_registries if {
	count(registry.deny) == 0 with input as of("mirror.test/web:1") with data.registries as ["mirror.test"]
}
