"""`make run`: the whole product on this machine, with 200 customers who do not exist.

cast.py says who plays and what they will do (pure, from a seed) · scene.py builds the cloud and the platform · play.py
lets everybody act in time · watch.py sees what waits too long · reading.py and board.py show it · verdict.py judges it.
"""
