-- For wrk: asks for /1, /2, … /COUNT in an order that jumps about, none twice. Arguments: COUNT.
local step = 1000003 -- a prime, so that a walk modulo a smaller COUNT meets every number once
local before, after, count
local number = 0

function init(args)
	count = tonumber(args[1])
	before, after = wrk.format("GET", "/@"):match("^(.-)@(.*)$")
end

function request()
	number = (number + step) % count
	return before .. (number + 1) .. after
end
