"""What hardware forgets without power: what was set of VFs through their PF."""
FORGOTTEN = {"adminMACs": {}, "vfVlans": {}, "vfSettings": {}}
