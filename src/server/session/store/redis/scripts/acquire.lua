-- KEYS: lease. ARGV: holder, term in ms. An earlier attempt of the same holder counts.
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
return redis.call('GET', KEYS[1]) == ARGV[1] and 1 or 0
