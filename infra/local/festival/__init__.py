"""Many customers of few staff, and one step that is due for all of them at the same instant.

playbook.py is what is played · crowd.py lets the customers come and become due · watch.py waits for what follows.
The tests of the peak and the benchmark of the lag both play it.
"""
