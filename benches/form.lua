-- For wrk: posts a form. Arguments: the BODY; "@@@@@@@@" in it is another number each time, from START.
local mark = "@@@@@@@@"
local before, after
local number

function init(args)
	local form = wrk.format("POST", nil, nil, args[1])
	local first, last = form:find(mark, 1, true)
	before, after = form:sub(1, (first or #form + 1) - 1), form:sub((last or #form) + 1)
	number = first and tonumber(args[2])
end

function request()
	if not number then
		return before
	end
	number = number + 1
	return before .. string.format("%08d", number) .. after
end
