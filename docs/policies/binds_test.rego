package composelint.binds_test

import rego.v1

import data.composelint.binds

of(type, source) := {
	"deployment": {"directory": "/srv/shop"},
	"services": {"web": {"volumes": [{"type": type, "source": source, "target": "/data"}]}},
}

test_the_project_may_be_mounted if {
	count(binds.deny) == 0 with input as of("bind", "/srv/shop/data")
	count(binds.deny) == 0 with input as of("bind", "/srv/shop")
}

test_nothing_else_may if {
	count(binds.deny) == 1 with input as of("bind", "/srv/shop-old/data")
	count(binds.deny) == 1 with input as of("bind", "/etc")
}

test_a_volume_is_no_bind if {
	count(binds.deny) == 0 with input as of("volume", "data")
}
