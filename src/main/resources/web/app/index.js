import './main.css';
import './shell.js';
