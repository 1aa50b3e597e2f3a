-- KEYS: count. ARGV: now. Takes one from the count, if its window is open.
local count = KEYS[1]
local running = redis.call('HGET', count, 'ends')
if running and before(ARGV[1], running) and redis.call('HGET', count, 'count') ~= '0' then
  redis.call('HINCRBY', count, 'count', -1)
end
return 1
