-- KEYS: count. ARGV: now. Takes one from the count, if its window is open, and forgets it when nothing is left.
local count = KEYS[1]
local running = redis.call('HGET', count, 'ends')
if running and before(ARGV[1], running) and redis.call('HINCRBY', count, 'count', -1) < 1 then
  redis.call('DEL', count)
end
return 1
