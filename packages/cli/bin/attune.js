#!/usr/bin/env node
console.log('attune');
