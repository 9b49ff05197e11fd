#!/bin/sh
# What the pep8 jobs of the ten repositories run on rally-jobs/, with the strictest settings among
# them. usage: lint.sh BIN TREE, where BIN holds the tools; exit code 1 and text if one complains.
bin=$1
cd "$2" || exit 1
bad=0
try() {
    said=$("$@" 2>&1) || { bad=1; printf '%s:\n%s\n' "${1##*/}" "$said"; }
}
yaml=$(find rally-jobs -name '*.yaml')
rst=$(find rally-jobs -name '*.rst')
python=$(find rally-jobs -name '*.py')
all=$(find rally-jobs -type f)

# nova, ironic, keystone, zaqar and others
try "$bin/check-yaml" $yaml
try "$bin/trailing-whitespace-fixer" $all
try "$bin/end-of-file-fixer" $all
try "$bin/mixed-line-ending" --fix=lf $all
try "$bin/fix-byte-order-marker" $all
try "$bin/codespell" $all
# cinder, glance, trove: D001 at 79 columns
try "$bin/doc8" --max-line-length 79 $rst
for file in $rst; do
    try "$bin/docutils" --report=warning --halt=warning "$file" /dev/null
done
# all ten: hacking; the extensions that any of them turns on
try "$bin/flake8" --isolated --max-line-length 79 --max-complexity 20 \
    --ignore W503,W504 \
    --enable-extensions H106,H203,H204,H205,H210,H904,H905,H906 \
    --import-order-style pep8 --application-import-names rally_jobs $python
# ironic, neutron; keystone formats with ruff
try "$bin/ruff" check --isolated --no-cache --line-length 79 \
    --select E,F,G,LOG,C90,UP,W --ignore UP031,UP032 $python
try "$bin/ruff" format --isolated --no-cache --line-length 79 --check $python
exit $bad
