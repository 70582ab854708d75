package main

deny[msg] {
  image := input.services[name].image
  endswith(image, ":latest")
  msg := sprintf("service '%s' uses the tag latest", [name])
}

deny[msg] {
  image := input.services[name].image
  not contains(image, ":")
  msg = sprintf("service '%s' has an image without a tag", [name])
}
