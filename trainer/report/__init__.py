"""Numbers as pages and workbooks for people.

- ``report``, ``comparison_report``   the folder of one evaluation, and of several side by side
- ``plots``, ``gallery``, ``html_parts``, ``workbook``   what they are made of
- ``demo_page``   the page of the demonstration
"""
