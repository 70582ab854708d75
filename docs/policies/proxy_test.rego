package composelint.proxy_test

import rego.v1

import data.composelint.proxy

published := [{"target": 80, "published": "8080"}]

denied(services) := {finding.path | some finding in proxy.deny with input as {"services": services}}

test_a_proxy_publishes if {
	denied({"proxy": {"ports": published}}) == set()
	denied({"edge": {"ports": published, "labels": {"com.example.role": "proxy"}}}) == set()
}

test_nothing_else_does if {
	denied({"web": {"ports": published}}) == {["services", "web", "ports", 0]}
	denied({"web": {"network_mode": "host"}}) == {["services", "web", "network_mode"]}
}

test_what_stays_on_the_machine_is_let_through if {
	denied({"web": {"ports": [{"target": 80, "published": "8080", "host_ip": "127.0.0.1"}]}}) == set()
	denied({"web": {"ports": [{"target": 80}]}}) == set()
}
