def measure(run): pass
