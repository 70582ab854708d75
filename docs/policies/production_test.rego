package composelint.production_test

import rego.v1

import data.composelint.production

digest := concat("", ["example.com/web@sha256:", concat("", [c | some _ in numbers.range(1, 64); c := "a"])])

of(service) := {"services": {"web": service}, "deployment": {"production": true, "fragment": false}}

test_what_is_pinned_and_limited_may_ship if {
	good := of({"image": digest, "mem_limit": "268435456"})
	count(production.deny_unpinned_image) == 0 with input as good
	count(production.deny_unlimited_memory) == 0 with input as good
}

test_a_tag_is_no_digest if {
	count(production.deny_unpinned_image) == 1 with input as of({"image": "example.com/web:1.2"})
}

test_an_image_that_is_built_here_has_none if {
	count(production.deny_unpinned_image) == 0 with input as of({"image": "web", "build": {"context": "."}})
}

test_memory_is_limited_in_either_form if {
	long := {"image": digest, "deploy": {"resources": {"limits": {"memory": "268435456"}}}}
	count(production.deny_unlimited_memory) == 0 with input as of(long)
	count(production.deny_unlimited_memory) == 1 with input as of({"image": digest})
}

test_elsewhere_nothing_is_asked if {
	loose := {"services": {"web": {"image": "web:dev"}}, "deployment": {"production": false}}
	count(production.deny_unpinned_image) == 0 with input as loose
	count(production.deny_unlimited_memory) == 0 with input as loose
}
