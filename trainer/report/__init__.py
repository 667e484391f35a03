"""Scores as pages and workbooks.

- ``evaluation_report``, ``comparison_report``   the folder of one evaluation, and of several models side by side
- ``frame``      what the page of an evaluation has for every task
- ``plots``, ``gallery``, ``tables``, ``workbook``   the parts they are made of
- ``demo_page``   the page of the demonstration
"""
