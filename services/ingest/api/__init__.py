"""Events over HTTP: the route, who may send, how much is read, what is answered."""
