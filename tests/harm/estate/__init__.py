"""An estate of several machines: three brokers, two databases, a mail server and the services, to take apart."""
